import Catalog
import Foundation
import TestSupport
import Tensors
import Testing

/// The Swift and the Python generator make the same bits.
struct SyntheticWeightsTests {
  private struct Expected: Decodable {
    struct Case: Decodable {
      var seed: UInt64
      var layer: String
      var role: String
      var shape: [Int]
      var first: [UInt32]
      var last: [UInt32]
      var xor: UInt32
      var sum: UInt64
    }
    var tensors: [Case]
    var images: [UInt32]
  }

  private let expected: Expected

  init() throws {
    let path = Repository.fixture("synthetic-weights/expected.json")
    expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test func tensorsEqualPythonsBitForBit() {
    for wanted in expected.tensors {
      let values = SyntheticWeights(seed: wanted.seed)
        .values(layer: wanted.layer, role: wanted.role, shape: TensorShape(wanted.shape))
      let bits = values.map(\.bitPattern)
      #expect(Array(bits.prefix(4)) == wanted.first, "\(wanted.layer)/\(wanted.role) seed \(wanted.seed)")
      #expect(Array(bits.suffix(4)) == wanted.last)
      #expect(bits.reduce(0, ^) == wanted.xor)
      #expect(bits.reduce(0) { $0 + UInt64($1) } == wanted.sum)
    }
  }

  @Test func imagesEqualPythonsBitForBit() {
    let images = SyntheticWeights(seed: 7).images(count: 2, height: 5, width: 4)
    #expect(images.shape == [2, 5, 4, 3])
    #expect(images.scalars.map(\.bitPattern) == expected.images)
  }

  @Test func everyTensorHasValuesOfItsOwn() {
    let weights = SyntheticWeights(seed: 1)
    #expect(
      weights.values(layer: "a", role: "bias", shape: [8])
        != weights.values(layer: "b", role: "bias", shape: [8]))
    #expect(
      weights.values(layer: "a", role: "bias", shape: [8])
        != SyntheticWeights(seed: 2).values(layer: "a", role: "bias", shape: [8]))
  }
}
