extension FileSignature {
  /// The kind in a word, for machines.
  package var name: String {
    switch kind {
    case .hdf5: missingByteCount > 0 ? "hdf5-truncated" : "hdf5"
    case .safetensors: "safetensors"
    case .gitLFSPointer: "git-lfs-pointer"
    case .html: "html"
    case .zip(let isKeras): isKeras ? "keras-zip" : "zip"
    case .gzip: "gzip"
    case .json: "json"
    case .text: "text"
    case .empty: "empty"
    case .directory: "directory"
    case .foreign: "foreign"
    case .unknown: "unknown"
    }
  }

  /// How many bytes are missing at the end; 0 unless the file is HDF5 cut short.
  package var missingByteCount: Int {
    if case .hdf5(let promised) = kind { max(0, promised - byteCount) } else { 0 }
  }

  /// Throws unless the file is HDF5 and as long as it says.
  package func requireWholeHDF5() throws(HDF5Error) {
    guard case .hdf5(let promised) = kind else { throw .notHDF5(path: path, finding: explanation) }
    guard promised <= byteCount else {
      throw .truncated(path: path, promised: promised, found: byteCount)
    }
  }

  /// What the file is and what to do about it, in words.
  package var explanation: String {
    switch kind {
    case .hdf5(let promised) where promised > byteCount:
      "HDF5, cut short: the file says \(promised.grouped) bytes, \(byteCount.grouped) are here: the download is"
        + " incomplete; fetch the file again"
    case .hdf5: "HDF5 of \(byteCount.grouped) bytes, as long as it says"
    case .safetensors(let count):
      "a safetensors file with a header of \(count.grouped) bytes, as a conversion writes them: there is nothing to"
        + " convert"
    case .gitLFSPointer(let oid, let size):
      "a Git LFS pointer of \(byteCount) bytes; the real file has"
        + " \(size.map { "\($0.grouped) bytes" } ?? "a size not given") and the object id \(oid): run 'git lfs pull'"
    case .html:
      "an HTML page of \(byteCount.grouped) bytes: the address showed a page instead of the file; fetch the file"
        + " itself"
    case .zip(let isKeras):
      isKeras
        ? "a zip archive as Keras 3 writes '.keras' files: not yet supported; save the weights as legacy HDF5"
          + " ('.h5')" : "a zip archive of \(byteCount.grouped) bytes: unpack it first"
    case .gzip: "gzip-compressed, \(byteCount.grouped) bytes: unpack it first (gunzip)"
    case .json: "JSON text of \(byteCount.grouped) bytes: an architecture or a header, not weights"
    case .text(let line): "a text of \(byteCount.grouped) bytes that begins '\(line)'"
    case .empty: "an empty file (0 bytes): the download never began; fetch the file again"
    case .directory: "a folder: name a file in it"
    case .foreign(let name): "\(name) of \(byteCount.grouped) bytes: no weights are in it"
    case .unknown(let bytes):
      "\(byteCount.grouped) bytes of no format we know (they begin \(bytes.map(Self.hexadecimal).joined(separator: " ")))"
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }
}
