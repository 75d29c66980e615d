import Catalog
import Datasets
import Errors
import Files
import Foundation
import HDF5
import Images
import ModelZoo
import NumPyWeights
import ONNX
import TensorArchive
import Tensors
import TorchWeights
import Training
import WeightConversion

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
      try each(["npy", "safetensors"]) { ending in
        let set = try FeatureSet(contentsOf: file(bytes, ending: ending))
        let table = try FeatureTable(contentsOf: set.path)
        precondition(table.features.scalars.count == table.features.shape.elementCount)
        precondition(table.features.shape[0] == set.count)
        // The archive is not there: it is what the file says of its making that is read.
        if set.saysHowItWasComputed {
          do { _ = try Backbone(contentsOf: "\(place).none", of: set) } catch let error as any ZooError {
            _ = error
          }
        }
      }
    }
  case "listing":
    { bytes in
      // An index with any lines, and any lines with an index that fits them.
      let parts = parts(bytes, 2)
      try each([(parts[0], parts[1]), (index(of: parts[1]), parts[1])]) { index, lines in
        let path = try file(lines, ending: "jsonl")
        _ = try file(index, ending: "jsonl.index.json")
        _ = try Listing(contentsOf: path).dataset()
      }
    }
  case "shards":
    { bytes in
      let parts = parts(bytes, 2)
      let folder = "\(place).shards"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(parts[0]).write(to: URL(fileURLWithPath: "\(folder)/run.json"))
      try Data(parts[1]).write(to: URL(fileURLWithPath: "\(folder)/part-00000-of-00001.json"))
      let shards = try FeatureShards(folder: folder)
      if shards.run.shards <= 100 { _ = shards.states }
      _ = try FeatureSet(contentsOf: folder)
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
  case "torch":
    { bytes in
      let contents = FileBytes(bytes, name: "input")
      let readers: [@Sendable () throws -> any WeightSource] = [
        { try unwrap(TorchWeights.open(contents, .model(.pyTorch))) },
        { try unwrap(TorchWeights.open(contents, .model(.legacyPyTorch))) },
        // A pickle alone, which hardly an input would reach through the checksums around it.
        { try unwrap(TorchWeights.open(legacyFile(of: bytes), .model(.legacyPyTorch))) },
        { try NumPySource(contents) },
      ]
      try each(readers) { open in
        let source = try open()
        for tensor in source.layers.flatMap(\.tensors) where tensor.byteCount <= 1 << 22 {
          do {
            _ = try [UInt8](count: tensor.byteCount) { try source.read(tensor, into: &$0) }
          } catch let error as any ZooError { _ = error }
        }
      }
    }
  case "onnx":
    { bytes in
      let source = try ONNXSource(FileBytes(bytes, name: "input"), folder: nil)
      for tensor in source.layers.flatMap(\.tensors) where tensor.byteCount <= 1 << 22 {
        _ = try [UInt8](count: tensor.byteCount) { try source.read(tensor, into: &$0) }
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
        "ZOO_FUZZ: hdf5, archive, image, manifest, packed, entry, weights, keras, features, listing, shards, training, zip, torch, onnx or file"
      )
    }
  }

/// What a reader gives of a file of its own kind.
private func unwrap(_ source: TorchSource?) throws -> any WeightSource {
  guard let source else { preconditionFailure("no file of PyTorch") }
  return source
}

/// A file of before PyTorch 1.6 that has `pickle` for what was saved: ahead of it a magic number, a version and an empty dictionary,
/// behind it no storages.
private func legacyFile(of pickle: [UInt8]) -> FileBytes {
  let magic: [UInt8] = [
    0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]
  let start = magic + [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E, 0x80, 2, 0x7D, 0x2E]
  return FileBytes(start + pickle + [0x80, 2, 0x5D, 0x2E], name: "input")
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

/// An input of several files: what stands between record separators.
private func parts(_ bytes: [UInt8], _ count: Int) -> [[UInt8]] {
  let separator: UInt8 = 0x1E
  let found = bytes.split(separator: separator, maxSplits: count - 1, omittingEmptySubsequences: false)
  return found.map(Array.init) + Array(repeating: [], count: count - found.count)
}

/// The index of lines that nothing but themselves could be wrong with.
private func index(of lines: [UInt8]) -> [UInt8] {
  let count = lines.count { $0 == UInt8(ascii: "\n") }
  var digest = SHA256()
  lines.withRawSpan { digest.update($0) }
  return Array(
    """
    {"archives":[],"blockRows":4096,"blocks":[{"sha256":"\(digest.hexadecimal)","start":0}],"byteCount":\(lines.count),"classes":["a","b"],\
    "rows":\(count),"segments":[{"file":"/images/","name":"","rows":\(count)}],"source":"folder","sources":["/images"],"version":1}
    """.utf8)
}

/// Where inputs become files, in memory where there is a place for that.
private let place =
  "\(FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory())/zoo-fuzz-\(ProcessInfo.processInfo.processIdentifier)"

/// The input as a file.
private func file(_ bytes: [UInt8], ending: String) throws -> String {
  let path = "\(place).\(ending)"
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  return path
}
