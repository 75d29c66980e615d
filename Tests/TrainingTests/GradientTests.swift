import Tensors
import Testing
import Training

import protocol Catalog.ActivationOperation
import struct Catalog.LayerNormalization

/// Every layer's gradient against central differences of the loss.
@Suite struct GradientTests {
  static let step: Float = 1e-2

  @Test(arguments: ActivationCases.all)
  func activations(_ function: Activation) throws {
    try check(
      Head {
        Dense(6, activation: function)
        Dense(3, activation: .softmax)
      }, inputShape: [5])
    try check(
      Head {
        Dense(6, useBias: false)
        Activation(function)
        Dense(3, activation: .softmax)
      }, inputShape: [5])
  }

  /// Whatever a head may have, as it is by default, between two layers that learn; activations are one step, which
  /// ``activations(_:)`` goes through.
  @Test func everyOperation() throws {
    for type in DifferentiableOperations.all where !(type is any ActivationOperation.Type) {
      let layer = HeadLayer(type.init())
      let first = [Dense(4, activation: .tanh).headLayer, layer]
      let last = Dense(3, activation: .softmax).headLayer
      let keepsPositions = (try? Head(layers: first + [last]).summary(inputShape: [2, 3, 2])) == nil
      let between = keepsPositions ? [GlobalAveragePooling2D().headLayer] : []
      try check(Head(layers: first + between + [last]), inputShape: [2, 3, 2])
    }
  }

  @Test func layersOnFeatureMaps() throws {
    for text in [
      "flatten, dense(3, softmax)", "global_average_pooling, dense(3, softmax)",
      "global_max_pooling, dense(3, softmax)", "dense(4, tanh), global_average_pooling, dense(3, softmax)",
      "dense(4, tanh), global_max_pooling, dense(3, softmax)", "dense(4, tanh), flatten, dense(3, softmax)",
      "dense(2, softmax), flatten, dense(3), softmax",
    ] {
      try check(try Head(text), inputShape: [2, 3, 2])
    }
  }

  @Test func dropoutWithTheMaskHeldFast() throws {
    try check(
      try Head("dropout(0.3), dense(6, tanh), dropout(0.5), dense(3, softmax)"), inputShape: [5], dropout: 9)
  }

  @Test func losses() throws {
    try check(
      try Head("dense(3, tanh), dense(3)"), inputShape: [5],
      loss: Loss(.categoricalCrossEntropy, fromLogits: true))
    try check(
      try Head("dense(3, tanh), dense(3, softmax)"), inputShape: [5], loss: .sparseCategoricalCrossEntropy)
    try check(try Head("dense(3, tanh), dense(3, sigmoid)"), inputShape: [5], loss: .binaryCrossEntropy)
    let soft = Tensor(shape: [4, 2], scalars: [0.1, 0.9, 0.5, 0.5, 0.7, 0.3, 1, 0])
    try check(try Head("dense(2, softmax)"), inputShape: [5], labels: .targets(soft))
    try check(try Head("dense(2, sigmoid)"), inputShape: [5], labels: .targets(soft))
  }

  @Test func marginsAndSquares() throws {
    for loss in [Loss.squaredHinge, .meanSquaredError, .hinge, .categoricalHinge] {
      try check(try Head("dense(3, tanh), dense(3)"), inputShape: [5], loss: loss)
    }
    try check(try Head("dense(3, tanh), dense(3, softmax)"), inputShape: [5], loss: .categoricalHinge)
    try check(
      try Head("dense(3, tanh), dense(1)"), inputShape: [5], loss: .squaredHinge,
      labels: .classes([0, 1, 1, 0]))
    let values = Tensor(shape: [4, 2], scalars: [-3, 0.9, 0.5, 12, 0.7, 0.3, 1, 0])
    try check(try Head("dense(2)"), inputShape: [5], loss: .meanSquaredError, labels: .targets(values))
    try check(
      try Head("dense(3, tanh), dense(3, softmax)"), inputShape: [5],
      loss: Loss(.categoricalCrossEntropy, labelSmoothing: 0.3))
  }

  @Test func penalties() throws {
    try check(
      try Head("dense(6, tanh, l2=0.3, bias_l2=0.1), dense(3, softmax, l1=0.05, bias_l1=0.02)"),
      inputShape: [5])
  }

  @Test func normalisation() throws {
    for text in [
      "batch_normalization, dense(3, softmax)", "dense(4), batch_normalization, tanh, dense(3, softmax)",
      "dense(4, tanh), batch_normalization(scale=false), dense(3, softmax)",
      "dense(4, tanh), batch_normalization(center=false), dense(3, softmax)",
      "dense(4, tanh), batch_normalization(center=false, scale=false), dense(3, softmax)",
    ] {
      try check(try Head(text), inputShape: [5])
    }
    for text in [
      "dense(4), unit_normalization, dense(3, softmax)",
      "dense(4, tanh), unit_normalization, dense(5, gelu), unit_normalization, dense(3, softmax)",
    ] {
      try check(try Head(text), inputShape: [5])
    }
    try check(
      try Head("dense(4), unit_normalization, flatten, dense(3, softmax)"), inputShape: [2, 3, 2])
    try check(
      try Head("dense(4, tanh), batch_normalization, global_average_pooling, dense(3, softmax)"),
      inputShape: [2, 3, 2])
  }

  /// No head is written with it; explanations go back through that of a backbone.
  @Test(arguments: [(true, true), (false, true), (true, false), (false, false)])
  func layerNormalisation(scale: Bool, center: Bool) throws {
    let layer = HeadLayer(
      LayerNormalization {
        $0.scale = scale
        $0.center = center
        $0.epsilon = 1e-2
      })
    let (first, last) = (try Head("dense(4, tanh)"), try Head("flatten, dense(3, softmax)"))
    let head = Head(layers: first.layers + [layer] + last.layers)
    try check(head, inputShape: [5])
    try check(head, inputShape: [2, 3, 2])
  }

  private func check(
    _ head: Head, inputShape: TensorShape, loss: Loss? = nil, labels: Labels = .classes([0, 1, 2, 1]),
    dropout: UInt64? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let model = try HeadModel(head, inputShape: inputShape, seed: 3)
    let features = SyntheticFeatures.uniform(TensorShape([4] + inputShape.dimensions), seed: 5)
    func trainer(_ parameters: [HeadParameter]) throws -> Trainer {
      let model = try HeadModel(head, inputShape: inputShape) { name in
        parameters.first { $0.name == name }?.tensor
      }
      return try Trainer(model, loss: loss)
    }
    let found = try trainer(model.parameters).gradients(features, labels, dropout: dropout)
    let largest = found.gradients.joined().map(abs).max() ?? 0
    #expect(largest > 1e-3, "\(head): no gradient to compare", sourceLocation: sourceLocation)
    for (index, gradient) in found.gradients.enumerated() {
      for (element, slope) in gradient.enumerated() {
        let losses = try [-Self.step, Self.step].map { offset in
          var parameters = model.parameters
          parameters[index].tensor.scalars[element] += offset
          return try trainer(parameters).gradients(features, labels, dropout: dropout).loss
        }
        let wanted = (losses[1] - losses[0]) / Double(2 * Self.step)
        #expect(
          abs(Double(slope) - wanted) < 1e-3 * Double(max(largest, 0.1)),
          "\(head): \(model.parameters[index].name)[\(element)]", sourceLocation: sourceLocation)
      }
    }
  }
}
