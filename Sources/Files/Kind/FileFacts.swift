import Encoding
import Foundation

/// A file as it is found: where, how long, and of what kind.
package struct FileFacts: Hashable, Sendable {
  /// Where it is, or what errors call it.
  package let path: String
  package let byteCount: Int
  package let kind: FileKind

  /// Looks at the file or folder at `path`: its length, its first few kilobytes and its last bytes.
  package init(path: String) throws(FileError) {
    do throws(SystemError) {
      let file = try FileDescriptor.readingRegularFile(path)
      let byteCount = Int(try file.status().st_size)
      try self.init(path: path, byteCount: byteCount) { (offset, count) throws(SystemError) in
        var buffer = [UInt8](repeating: 0, count: count)
        let found = try file.read(into: &buffer, at: offset)
        return Array(buffer.prefix(found))
      }
    } catch {
      guard error.code == EISDIR else { throw .unreadable(path, error) }
      self.init(folder: path)
    }
  }

  /// A folder; some programs save a model as one.
  package init(folder path: String) {
    let model = try? FileDescriptor.readingRegularFile(path + "/saved_model.pb").status()
    (self.path, byteCount, kind) = (path, 0, model == nil ? .folder : .model(.savedModel))
  }

  /// Looks at a file of `byteCount` bytes, wherever it is.
  ///
  /// - Parameter bytes: gives `count` bytes from `offset` on, all of which are in the file.
  package init<Failure: Error>(
    path: String, byteCount: Int, bytes: (_ offset: Int, _ count: Int) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    (self.path, self.byteCount) = (path, byteCount)
    let head = try bytes(0, min(FileKind.headByteCount, byteCount))
    let tail = try bytes(max(0, byteCount - 8), min(8, byteCount))
    let ownKind = FileKind(head: head.span, tail: tail, byteCount: byteCount)
    for start in HDF5Superblock.places(fileByteCount: byteCount) where ownKind.canPrecedeHDF5 {
      let block = try bytes(start, min(HDF5Superblock.byteCount, byteCount - start))
      if let promised = HDF5Superblock.promisedByteCount(block.span, at: start) {
        kind = .hdf5(promised: promised)
        return
      }
    }
    if ownKind == .zeros, TarHeader.emptyArchiveByteCounts.contains(byteCount),
      try bytes(0, byteCount).allSatisfy({ $0 == 0 })
    {
      kind = .container(.tar)
    } else {
      kind = ownKind
    }
  }

  /// Whether there is a folder at `path`, or a link to one.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe path.withSystemPath { unsafe stat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFDIR
  }

  /// How many bytes the regular file at `path` has, which is not opened; nil where none is.
  package static func byteCount(of path: String) -> Int? {
    var status = stat()
    let isFound = unsafe path.withSystemPath { unsafe stat($0, &status) } == 0
    return isFound && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }
}

extension FileKind {
  /// Whether it may be what a user put before an HDF5 file; in what has an order of its own, as a zip archive, an HDF5 file
  /// is a part.
  fileprivate var canPrecedeHDF5: Bool {
    switch self {
    case .text, .json, .html, .xml, .zeros, .unknown: true
    default: false
    }
  }
}

extension FileFacts {
  /// How many bytes are missing at the end; 0 unless the file is HDF5 cut short.
  package var missingByteCount: Int {
    if case .hdf5(let promised) = kind { max(0, promised - byteCount) } else { 0 }
  }

  /// The kind in a word, for machines.
  package var name: String { missingByteCount > 0 ? "hdf5-truncated" : kind.name }

  /// What whoever wants weights of it can do.
  package var advice: String { kind.advice }

  /// What the file is and what to do about it, in words, for whoever wants weights of it.
  package var explanation: String {
    let size = "\(byteCount.grouped) bytes"
    return switch kind {
    case .hdf5(let promised) where promised > byteCount:
      "HDF5, cut short: expected \(promised.grouped) bytes, found \(byteCount.grouped); the download is"
        + " incomplete; fetch the file again"
    case .hdf5: "HDF5 of \(size), as long as it says"
    case .safetensors(let count) where count > byteCount - 8:
      "safetensors, cut short: expected a header of \(count.grouped) bytes and what it lists, found \(size) in all; the download is"
        + " incomplete; fetch the file again"
    case .safetensors(let count):
      "a safetensors file with a header of \(count.grouped) bytes, as a conversion writes them: there is nothing to"
        + " convert"
    case .gitLFSPointer(let oid, let size):
      "a Git LFS pointer of \(byteCount) bytes; the real file has"
        + " \(size.map { "\($0.grouped) bytes" } ?? "a size not given") and the object id \(oid.printable): run"
        + " 'git lfs pull'"
    case .text(let line): "a text of \(size) that begins '\(line.printable)'"
    case .empty: "an empty file (0 bytes): the download never began; fetch the file again"
    case .folder: "a folder: name a file in it"
    case .model: "\(kind.words): \(kind.advice)"
    case .zeros: "\(size), nothing but zeros as far as we looked: \(kind.advice)"
    case .unknown where path.contains(".data-00000-of-"):
      "\(size) that lie as those of a TensorFlow checkpoint do: \(FileKind.ModelFormat.tensorFlowCheckpoint.advice)"
    case .unknown(let bytes):
      "\(size) of no format we know (they begin \(bytes.map { [$0].hexadecimal }.joined(separator: " ")))"
    default: "\(kind.words) of \(size): \(kind.advice)"
    }
  }
}
