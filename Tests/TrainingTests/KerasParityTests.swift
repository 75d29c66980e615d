import Foundation
import TestSupport
import Tensors
import Testing
import Training

import struct Catalog.SyntheticWeights

/// What `Tests/Fixtures/training/make.py` wrote.
struct KerasRuns: Decodable {
  struct Run: Decodable, CustomTestStringConvertible {
    var optimizer: String
    var loss: String
    var hidden: String
    var history: [String: [Double]]
    var weights: [[Float]]
    var predictions: [Float]

    var testDescription: String { "\(optimizer), \(loss), \(hidden)" }
  }

  struct Map: Decodable, CustomTestStringConvertible {
    var kind: String
    var predictions: [Float]
    var weights: [[Float]]

    var testDescription: String { kind }
  }

  var runs: [Run]
  var maps: [Map]

  static let expected: KerasRuns? = {
    let data = FileManager.default.contents(atPath: Repository.fixture("training/expected.json"))
    return data.flatMap { try? JSONDecoder().decode(KerasRuns.self, from: $0) }
  }()
}

@Suite struct KerasParityTests {
  static let seed: UInt64 = 11
  static let synthetic = SyntheticWeights(seed: seed)

  @Test func everyPairIsThere() throws {
    let expected = try #require(KerasRuns.expected)
    #expect(expected.runs.count == 7 * 7 + 4)
    #expect(expected.maps.count == 5)
  }

  /// 51 steps from the same weights over the same batches.
  @Test(arguments: KerasRuns.expected?.runs ?? [])
  func trainsLikeKeras(_ run: KerasRuns.Run) throws {
    let loss = try #require(Self.losses[run.loss])
    let hidden = try #require(Activation(kerasName: run.hidden))
    let head = Head {
      Dense(8, activation: hidden)
      Dense(loss.units, activation: loss.activation)
    }
    let model = try Self.model(head, inputShape: [12])
    var trainer = try Trainer(model, loss: loss.loss, optimizer: try #require(Self.optimizers[run.optimizer]))
    let (train, heldOut) = (Self.samples(40, "train"), Self.samples(10, "held_out"))
    let history = try trainer.fit(
      train, Self.labels(run.loss, train),
      validation: Samples(heldOut, Self.labels(run.loss, heldOut)), epochs: 17, batchSize: 16, shuffle: false)
    for (key, wanted) in run.history {
      // A logit's yes begins at 0, not at Keras's 0.5: see Evaluator.
      if key.hasSuffix("accuracy"), run.loss == "binary_crossentropy_logits" { continue }
      let closeness = Closeness(history[key].map(Float.init), wanted.map(Float.init))
      #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-5), "\(key): \(closeness)")
    }
    for (found, wanted) in zip(trainer.model.parameters, run.weights) {
      let closeness = Closeness(found.tensor.scalars, wanted)
      #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-5), "\(closeness)")
    }
    let predictions = Closeness(try trainer.model.predict(heldOut).scalars, run.predictions)
    #expect(predictions.isWithin(relative: 1e-5, absolute: 1e-5), "\(predictions)")
  }

  @Test(arguments: KerasRuns.expected?.maps ?? [])
  func readsFeatureMapsLikeKeras(_ map: KerasRuns.Map) throws {
    let head = try #require(Self.mapHeads[map.kind])
    let names = head.layers.count == 3 ? ["first", "last"] : ["last"]
    let features = Self.synthetic.images(count: 6, height: 2, width: 3, channels: 4)
    var trainer = try Trainer(
      try Self.model(head, inputShape: [2, 3, 4], names: names), optimizer: .sgd(learningRate: 0.1))
    let before = Closeness(try trainer.model.predict(features).scalars, map.predictions)
    #expect(before.isWithin(relative: 0, absolute: 1e-6), "\(before)")
    try trainer.fit(features, .classes([0, 1, 2, 0, 1, 2]), epochs: 5, batchSize: 6, shuffle: false)
    for (found, wanted) in zip(trainer.model.parameters, map.weights) {
      let closeness = Closeness(found.tensor.scalars, wanted)
      #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "\(closeness)")
    }
  }
}

extension KerasParityTests {
  static let losses: [String: (loss: Loss, units: Int, activation: Activation)] = [
    "categorical_crossentropy": (.categoricalCrossEntropy, 3, .softmax),
    "sparse_categorical_crossentropy": (.sparseCategoricalCrossEntropy, 3, .softmax),
    "binary_crossentropy": (.binaryCrossEntropy, 1, .sigmoid),
    "categorical_crossentropy_logits": (Loss(.categoricalCrossEntropy, fromLogits: true), 3, .linear),
    "sparse_categorical_crossentropy_logits":
      (Loss(.sparseCategoricalCrossEntropy, fromLogits: true), 3, .linear),
    "binary_crossentropy_logits": (Loss(.binaryCrossEntropy, fromLogits: true), 1, .linear),
    "binary_crossentropy_multilabel": (.binaryCrossEntropy, 3, .sigmoid),
  ]

  static let optimizers: [String: Optimizer] = [
    "sgd": .sgd(learningRate: 0.05),
    "sgd_momentum": .sgd(learningRate: 0.02, momentum: 0.9),
    "sgd_nesterov": .sgd(learningRate: 0.02, momentum: 0.9, nesterov: true),
    "adam": .adam(learningRate: 0.01),
    "rmsprop": .rmsprop(learningRate: 0.01),
    "rmsprop_momentum": .rmsprop(learningRate: 0.002, momentum: 0.9),
    "rmsprop_centered": .rmsprop(learningRate: 0.01, centered: true),
  ]

  static let mapHeads: [String: Head] = [
    "flatten": Head {
      Flatten()
      Dense(3, activation: .softmax)
    },
    "global_average_pooling": Head {
      GlobalAveragePooling2D()
      Dense(3, activation: .softmax)
    },
    "global_max_pooling": Head {
      GlobalMaxPooling2D()
      Dense(3, activation: .softmax)
    },
    "dense_then_average": Head {
      Dense(5, activation: .tanh)
      GlobalAveragePooling2D()
      Dense(3, activation: .softmax)
    },
    "dense_then_max": Head {
      Dense(5, activation: .gelu)
      GlobalMaxPooling2D()
      Dense(3, activation: .softmax)
    },
  ]

  /// The head with the twin's weights; `names` are those the fixture gave the dense layers.
  static func model(_ head: Head, inputShape: TensorShape, names: [String]? = nil) throws -> HeadModel {
    let declared = try HeadModel(head, inputShape: inputShape).parameters
    let dense = head.layerNames.filter { $0.hasPrefix("dense") }
    let given = Dictionary(uniqueKeysWithValues: zip(dense, names ?? dense))
    return try HeadModel(head, inputShape: inputShape) { name in
      let parts = name.split(separator: "/").map(String.init)
      let shape = try #require(declared.first { $0.name == name }).tensor.shape
      let layer = try #require(given[parts[1]])
      return Tensor(shape: shape, scalars: synthetic.values(layer: layer, role: parts[2], shape: shape))
    }
  }

  static func samples(_ count: Int, _ name: String) -> Tensor {
    let shape: TensorShape = [count, 12]
    let scalars = synthetic.values(layer: name, role: "data", shape: shape).map { $0 * 6 }
    return Tensor(shape: shape, scalars: scalars)
  }

  /// Projections on three fixed directions decide the labels.
  static func labels(_ loss: String, _ features: Tensor) -> Labels {
    let directions = synthetic.values(layer: "directions", role: "data", shape: [12, 3])
    let scores = (0..<features.shape[0]).map { sample in
      (0..<3).map { direction in
        (0..<12).reduce(0.0) {
          $0 + Double(features.scalars[sample * 12 + $1]) * Double(directions[$1 * 3 + direction])
        }
      }
    }
    let classes = scores.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 }
    if loss.hasSuffix("multilabel") {
      let targets = scores.flatMap { $0.map { $0 > 0 ? Float(1) : 0 } }
      return .targets(Tensor(shape: [scores.count, 3], scalars: targets))
    }
    return .classes(loss.hasPrefix("binary") ? classes.map { $0 == 0 ? 1 : 0 } : classes)
  }
}
