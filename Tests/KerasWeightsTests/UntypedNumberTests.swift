import Catalog
import Foundation
import KerasWeights
import TestSupport
import Tensors
import Testing
import WeightConversion

/// Weights of two bytes without a type, as Keras leaves `bfloat16` in legacy files and in all of Keras 2
/// (`Tests/Fixtures/keras-forms/bfloat16.py`): read where an architecture says what they are.
@Suite struct UntypedNumberTests {
  private static func path(_ name: String) -> String { Repository.fixture("keras-forms/\(name)") }

  /// Value i of every tensor is (i mod 61 - 30) / 16.
  private func expectExact(_ source: any WeightSource, _ file: String) throws {
    #expect(source.layers.count == 4, "\(file)")
    for tensor in source.layers.flatMap(\.tensors) {
      let bytes = try [UInt8](count: tensor.byteCount) { try source.read(tensor, into: &$0) }
      let width = tensor.scalarType.byteCount
      let values = stride(from: 0, to: bytes.count, by: width).map { place in
        Float(bitPattern: UInt32(littleEndianBytes: bytes[place..<place + width]) << (32 - 8 * width))
      }
      #expect(values == values.indices.map { Float($0 % 61 - 30) / 16 }, "\(file): \(tensor.name)")
    }
  }

  @Test(arguments: ["bfloat16-2.h5.gz", "bfloat16-3.h5.gz", "bfloat16-2.keras.gz"])
  func theArchitectureInTheFileTells(file: String) throws {
    let source = try KerasWeights.open(Self.path(file))
    let types = source.layers.filter { $0.name != "bn" }.flatMap(\.tensors).map(\.scalarType)
    #expect(types == [ScalarType](repeating: .bfloat16, count: 6))
    try expectExact(source, file)
  }

  @Test(arguments: ["bfloat16-alone.h5.gz", "bfloat16-alone.weights.h5.gz"])
  func anArchitectureBesideTheFileTells(file: String) throws {
    let architecture = try String(contentsOfFile: Self.path("bfloat16.json"), encoding: .utf8)
    try expectExact(try KerasWeights.open(Self.path(file), architecture: architecture), file)
  }

  @Test(arguments: ["bfloat16-alone.h5.gz", "bfloat16-alone.weights.h5.gz"])
  func whereNothingTellsTheyAreRefused(file: String) throws {
    let architecture = try String(contentsOfFile: Self.path("bfloat16.json"), encoding: .utf8)
    let other = architecture.replacing("\"bfloat16\"", with: "\"float32\"")
    for (architecture, sentence) in [
      (nil, "expected the model's architecture, which says so, beside them"),
      (other, "expected a layer of bfloat16 in the model's architecture, found another type"),
    ] {
      let error = #expect(throws: KerasWeightsError.self) {
        try KerasWeights.open(Self.path(file), architecture: architecture)
      }
      guard case .untypedNumbers(_, let tensor, let isDescribed)? = error else {
        Issue.record("\(file): \(error?.description ?? "nothing is thrown")")
        continue
      }
      #expect(tensor.contains("kernel") || tensor.contains("conv"), "\(tensor)")
      #expect(isDescribed == (architecture != nil))
      #expect(error?.family == .unsupported && error?.description.contains(sentence) == true)
    }
  }
}

extension UInt32 {
  fileprivate init(littleEndianBytes bytes: ArraySlice<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
