import Catalog
import Datasets
import Errors
import Files
import Foundation
import HDF5
import Images
import ModelZoo
import TensorArchive
import Tensors
import Training

/// Reads one input as the format that `ZOO_FUZZ` names; an error that is none of ours ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func readOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  do {
    try reader(bytes)
  } catch {
    precondition(error is any ZooError, "\(error)")
  }
  return 0
}

private let reader: @Sendable ([UInt8]) throws -> Void =
  switch ProcessInfo.processInfo.environment["ZOO_FUZZ"] {
  case "hdf5":
    { bytes in
      var limits = HDF5Limits.standard
      // Or hardly an input would come past the first checksum.
      limits.verifiesChecksums = false
      try readAll(HDF5File(bytes: bytes, name: "input", limits: limits).root, depth: 0)
    }
  case "archive":
    { bytes in
      let archive = try Archive(contentsOf: file(bytes, ending: "safetensors"))
      _ = try archive.check()
      for name in archive.names { _ = try archive.tensor(named: name) }
    }
  case "image":
    { bytes in
      let limits = DecodingLimits(sideLength: 10_000, pixelCount: 1_000_000, fileByteCount: 1 << 20)
      _ = try Bitmap(decoding: bytes.span, name: "input", appliesOrientation: true, limits: limits)
    }
  case "manifest":
    { bytes in
      try each(["csv", "tsv", "jsonl"]) { _ = try Dataset(manifest: file(bytes, ending: $0)) }
    }
  case "packed":
    { bytes in
      _ = try PackedFiles(FileBytes(bytes, name: "input"))
      let dataset = try Dataset(contentsOf: file(bytes, ending: "packed"))
      for item in dataset.items { _ = item.location.sha256 }
    }
  case "entry":
    { bytes in
      let entry = try CatalogEntry(json: String(decoding: bytes, as: UTF8.self), file: "input")
      _ = try ArchivedNetwork(entry: entry, variant: nil).parameters()
    }
  case "weights":
    { bytes in
      _ = try WeightSet(json: String(decoding: bytes, as: UTF8.self), file: "input")
    }
  case "keras":
    { bytes in
      let facts = EntryFacts(preprocessing: .tf, identifier: "fuzzed", defaultSize: Extent(64, 64))
      _ = try EntryDraft.entry(fromKeras: String(decoding: bytes, as: UTF8.self), facts)
    }
  case "features":
    { bytes in
      let table = try FeatureTable(contentsOf: file(bytes, ending: "npy"))
      precondition(table.features.scalars.count == table.features.shape.elementCount)
    }
  case "training":
    { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let readers: [@Sendable () throws -> Void] = [
        { _ = try HeadModel(json: text) { _ in nil } }, { _ = try Head(text) },
        { _ = try History(json: text) },
        { _ = try TrainingCheckpoint(json: text, tensors: [:]) },
      ]
      try each(readers) { try $0() }
    }
  case "zip":
    { bytes in
      let archive = try ZipArchive(FileBytes(bytes, name: "input"))
      for member in archive.members {
        do { _ = try archive.contents(of: member, atMost: 1 << 24) } catch { continue }
      }
    }
  case "file":
    { bytes in
      // Whatever it is: what it is found to be, and why.
      _ = try NetworkCatalog().inspect(file(bytes, ending: "bin"))
    }
  default:
    { _ in
      preconditionFailure(
        "ZOO_FUZZ: hdf5, archive, image, manifest, packed, entry, weights, keras, features, training, zip or file"
      )
    }
  }

/// Reads the same bytes in several ways; all of them, whatever the first says.
private func each<Way>(_ ways: [Way], _ read: (Way) throws -> Void) throws {
  for way in ways {
    do { try read(way) } catch let error as any ZooError { _ = error }
  }
}

/// Hard links may lead in a circle.
private func readAll(_ group: HDF5Group, depth: Int) throws {
  guard depth < 6 else { return }
  for name in group.attributeNames() { _ = try? group.strings(name) }
  for name in try group.childNames() {
    switch group.kind(of: name) {
    case .group: try readAll(group.group(name), depth: depth + 1)
    case .dataset: _ = try group.dataset(name).bytes()
    default: break
    }
  }
}

/// The input as a file, in memory where there is a place for that.
private func file(_ bytes: [UInt8], ending: String) throws -> String {
  let folder = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  let path = "\(folder)/zoo-fuzz-\(ProcessInfo.processInfo.processIdentifier).\(ending)"
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  return path
}
