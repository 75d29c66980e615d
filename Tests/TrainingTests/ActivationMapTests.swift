import Foundation
import TestSupport
import Tensors
import Testing
import Training

import struct Catalog.SyntheticWeights

/// What `Tests/Fixtures/grad-cam/make.py` wrote.
struct ActivationMaps: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    var head: String
    var output: Int
    var isOpposite: Bool
    var heat: [Float]

    var testDescription: String { "\(head), output \(output), opposite: \(isOpposite)" }
  }

  var cases: [Case]

  static let expected: [Case] = {
    let data = FileManager.default.contents(atPath: Repository.fixture("grad-cam/expected.json"))
    return data.flatMap { try? JSONDecoder().decode(ActivationMaps.self, from: $0) }?.cases ?? []
  }()
}

@Suite struct ActivationMapTests {
  private static let shape: TensorShape = [4, 5, 6]
  private static let weights = SyntheticWeights(seed: 31)

  private static let features = Tensor(
    shape: shape,
    scalars: weights.values(layer: "features", role: "data", shape: [1, 4, 5, 6]).map(abs))

  private func model(_ text: String) throws -> HeadModel {
    let head = try Head(text)
    let shapes = try HeadModel(head, inputShape: Self.shape).parameters.map { ($0.name, $0.tensor.shape) }
    return try HeadModel(head, inputShape: Self.shape) { name in
      let parts = name.split(separator: "/").map(String.init)
      let shape = shapes.first { $0.0 == name }?.1
      return shape.map {
        Tensor(shape: $0, scalars: Self.weights.values(layer: parts[1], role: parts[2], shape: $0))
      }
    }
  }

  @Test func theFixtureIsThere() { #expect(ActivationMaps.expected.count == 6) }

  @Test(arguments: ActivationMaps.expected)
  func agreesWithTensorFlow(wanted: ActivationMaps.Case) throws {
    let map = try model(wanted.head).activationMap(
      of: Self.features, output: wanted.output, isOpposite: wanted.isOpposite)
    #expect(map.shape == [4, 5])
    let closeness = Closeness(map.scalars, wanted.heat)
    #expect(closeness.isWithin(relative: 1e-5), "\(closeness)")
  }

  @Test func nothingThatSpeaksForAClassIsAColdMap() throws {
    let zeros = Tensor(repeating: 0, shape: Self.shape)
    let map = try model("flatten, dense(3, softmax)").activationMap(of: zeros, output: 0)
    #expect(map.scalars.allSatisfy { $0 == 0 })
  }

  @Test func refusesWhatItCannotExplain() throws {
    let model = try model("flatten, dense(3, softmax)")
    #expect(throws: TrainingError.setting(name: "output", expected: "0 to 2", found: "3")) {
      try model.activationMap(of: Self.features, output: 3)
    }
    #expect(throws: TrainingError.features(expected: [4, 5, 6], found: [5, 4, 6])) {
      try model.activationMap(of: Tensor(repeating: 1, shape: [5, 4, 6]), output: 0)
    }
    let pooled = try HeadModel(Head("dense(3, softmax)"), inputShape: [6])
    #expect(throws: TrainingError.self) {
      try pooled.activationMap(of: Tensor(repeating: 1, shape: [6]), output: 0)
    }
  }
}
