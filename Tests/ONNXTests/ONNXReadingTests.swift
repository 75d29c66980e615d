import Encoding
import Errors
import Files
import Foundation
import ModelZoo
import ONNX
import TestSupport
import Testing
import WeightConversion

/// Damaged and hostile ONNX files end in errors of ours; numbers beside a model are found in its own folder alone.
@Suite struct ONNXReadingTests {
  @Test(arguments: [
    "conv plain 17", "numbers of half in fields", "reshape by slices of a shape", "exported vgg traced",
    "split",
  ])
  func everyDamageIsSurvived(name: String) throws {
    let sweep = try Sweep(of: ONNXCases.model(name), sample: 5, maySayOtherwise: true) { bytes in
      try Self.numbers(of: ONNXSource(FileBytes(bytes, name: "damaged"), folder: nil))
    }
    #expect(sweep.errors > 50, "\(name)")
  }

  private static func numbers(of source: ONNXSource) throws -> [String: [UInt8]] {
    var numbers: [String: [UInt8]] = [:]
    for tensor in source.layers.flatMap(\.tensors) {
      numbers[tensor.path] = try [UInt8](count: tensor.byteCount) { try source.read(tensor, into: &$0) }
    }
    return numbers
  }

  @Test(
    arguments: [
      ("a long number", [8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 1], "ten bytes"),
      ("too large a number", [8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2], "64 bits"),
      ("a group", [0x0B, 0x0C], "a group"), ("nothing behind a tag", [8], "cut off"),
      ("too long a message", [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0], "are left"),
      ("the longest message", [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], "are left"),
      ("no graph", [8, 8], "no graph"), ("two graphs", [0x3A, 0, 0x3A, 0], "two graphs"),
      ("no number", [0, 0], "without a number"), ("nothing", [], "no graph"),
    ] as [(String, [UInt8], String)])
  func wrongBytesAreSaid(what: String, bytes: [UInt8], words: String) throws {
    let error = #expect(throws: ONNXModelError.self) {
      try ONNXSource(FileBytes(bytes, name: "input"), folder: nil)
    }
    #expect(error?.description.contains(words) ?? false, "\(what): \(error?.description ?? "")")
    #expect(error?.family == .malformed)
  }

  /// A file of empty nodes is no larger in memory than it has room for.
  @Test func manyNodesAreRefused() throws {
    let nodes = [UInt8](repeating: 0, count: 0) + (0..<400_000).flatMap { _ in [0x0A, 0] as [UInt8] }
    var model = ProtocolBuffer()
    model.add(7, nodes)
    #expect(throws: ONNXModelError.self) {
      try ONNXSource(FileBytes(model.bytes, name: "input"), folder: nil)
    }
  }

  /// A model whose numbers are in the file `location`.
  private func model(beside location: String, count: Int = 2, offset: Int = 0) -> [UInt8] {
    let tensor = ProtocolBuffer { tensor in
      for extent in [count, 3, 1, 1] { tensor.add(1, extent) }
      tensor.add(2, 1)
      tensor.add(8, "kernel")
      for (key, value) in [("location", location), ("offset", "\(offset)")] {
        tensor.add(13) {
          $0.add(1, key)
          $0.add(2, value)
        }
      }
      tensor.add(14, 1)
    }
    let graph = ProtocolBuffer { graph in
      for (type, inputs, output) in [("Conv", ["image", "kernel"], "a"), ("Tanh", ["a"], "b")] {
        graph.add(1) { node in
          for input in inputs { node.add(1, input) }
          node.add(2, output)
          node.add(4, type)
        }
      }
      graph.add(5, tensor.bytes)
      for (field, name) in [(11, "image"), (12, "b")] as [(UInt64, String)] {
        graph.add(field) { port in
          port.add(1, name)
          port.add(2) { type in
            type.add(1) { tensor in
              tensor.add(1, 1)
              tensor.add(2) { shape in for extent in [1, 3, 4, 4] { shape.add(1) { $0.add(1, extent) } } }
            }
          }
        }
      }
    }
    return ProtocolBuffer { model in
      model.add(1, 8)
      model.add(7, graph.bytes)
      model.add(8) { $0.add(2, 17) }
    }.bytes
  }

  @Test func numbersBesideAModelAreReadFromItsFolderAlone() throws {
    try withTemporaryFolder { folder in
      let inner = folder.appending(path: "inner")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      let numbers = (0..<6).flatMap { Float($0).bitPattern.littleEndianBytes }
      try Data([9, 9, 9, 9] + numbers).write(to: inner.appending(path: "weights.data"))
      try Data(numbers).write(to: folder.appending(path: "outside.data"))
      try FileManager.default.createSymbolicLink(
        at: inner.appending(path: "link.data"), withDestinationURL: folder.appending(path: "outside.data"))
      func open(_ location: String, _ offset: Int = 0, _ count: Int = 2) throws -> ONNXSource {
        let bytes = FileBytes(model(beside: location, count: count, offset: offset), name: "model")
        return try ONNXSource(bytes, folder: inner.path)
      }
      let source = try open("weights.data", 4)
      let tensor = source.layers[0].tensors[0]
      let found = try [UInt8](count: tensor.byteCount) { try source.read(tensor, into: &$0) }
      // Filters were the first axis, and are the last.
      let turned = [0, 3, 1, 4, 2, 5].flatMap { Float($0).bitPattern.littleEndianBytes }
      #expect(found == turned)
      #expect(tensor.shape == [1, 1, 3, 2] && tensor.storedShape == [2, 3, 1, 1])
      let outside = folder.appending(path: "outside.data").path
      for location in [
        "../outside.data", outside, "link.data", "none.data", "", ".", "..", "a\\b", "inner/weights.data",
      ] {
        let error = #expect(throws: ONNXModelError.self) { try open(location) }
        guard case .external? = error else {
          Issue.record("\(location): \(error?.description ?? "")")
          continue
        }
      }
      for (offset, count) in [(5, 2), (-4, 2), (Int.max, 2), (0, 1 << 40), (0, 3)] {
        #expect(throws: ONNXModelError.self) { try open("weights.data", offset, count) }
      }
      let alone = FileBytes(model(beside: "weights.data", offset: 4), name: "model")
      #expect(throws: ONNXModelError.self) { try ONNXSource(alone, folder: nil) }
    }
  }
}
