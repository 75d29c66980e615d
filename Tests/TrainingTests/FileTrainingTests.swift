import Catalog
import Tensors
import Testing
import Training

/// What a network's file says of training is heeded when its layers are trained.
@Suite struct FileTrainingTests {
  private static let image = Layer(name: "image", operation: InputLayer(channels: 2), inputs: [])

  private static func normalization(_ momentum: Double?, isBare: Bool = false) -> Catalog.BatchNormalization {
    Catalog.BatchNormalization {
      $0.momentum = momentum
      ($0.scale, $0.center) = (!isBare, !isBare)
    }
  }

  /// The network, with a pooling behind it.
  private static func model(
    _ layers: [Layer], momentum: Double? = nil, isExact: Bool = false, dropsBranches: Bool = false,
    size: Int = 4
  ) throws -> HeadModel {
    let pooling = Layer(
      name: "pool", operation: Catalog.GlobalAveragePooling2D(), inputs: layers.suffix(1).map(\.name))
    let graph = LayerGraph(layers: [image] + layers + [pooling])
    let tail = try BackboneTail(
      of: graph, height: size, width: size, training: Set(layers.map(\.name)), momentum: momentum,
      dropsBranches: dropsBranches, isExact: isExact)
    let parameters = try graph.parameters(height: size, width: size)
    return try HeadModel(Head { Training.Dense(2, activation: .softmax) }, behind: tail, seed: 3) { name in
      parameters.first { $0.name == name }.map { parameter in
        Tensor(
          shape: parameter.shape,
          scalars: SyntheticWeights(seed: 4).values(
            layer: parameter.layer, role: parameter.role, shape: parameter.shape))
      }
    }
  }

  private static func images(_ count: Int = 4, size: Int = 4) -> Tensor {
    Tensor(
      shape: [count, size, size, 2],
      scalars: (0..<count * size * size * 2).map { Float(($0 * 37) % 23) / 11 - 1 })
  }

  private func average(_ model: HeadModel) throws -> [Float] {
    var trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.01))
    try trainer.fit(Self.images(), .classes([0, 1, 0, 1]), epochs: 1, batchSize: 4)
    return try #require(trainer.model.parameters.first { $0.name == "backbone/norm/moving_mean" }).tensor
      .scalars
  }

  /// After a step with momentum m the average is m times what it was, and the rest is the batch's.
  @Test(arguments: [false, true]) func averagesMoveAsTheFileSays(isBare: Bool) throws {
    func moved(_ own: Double?, _ given: Double? = nil) throws -> [Float] {
      try average(
        Self.model(
          [Layer(name: "norm", operation: Self.normalization(own, isBare: isBare), inputs: ["image"])],
          momentum: given))
    }
    let (usual, half) = (try moved(nil), try moved(0.5))
    #expect(try usual != half && usual == moved(0.99))
    #expect(try moved(0.5, 0.9) == moved(0.9) && moved(0.9) != half)
    // All of the batch's, and all of what was.
    let (whole, none) = (try moved(0), try moved(1))
    for channel in half.indices {
      #expect(abs(half[channel] - (whole[channel] + none[channel]) / 2) < 1e-6)
    }
    #expect(throws: TrainingError.self) { try moved(1.5) }
  }

  /// What a step of training made of two samples that are the same: equal where single samples are not dropped.
  private func output(_ noise: [Int], behind: Bool = false) throws -> HeadModel {
    let dropout = Catalog.Dropout {
      ($0.rate, $0.noiseShape) = (0.5, noise)
    }
    return try Self.model([
      Layer(name: "drop", operation: dropout, inputs: ["image"]),
      Layer(name: "sum", operation: Add(), inputs: ["image", "drop"]),
    ])
  }

  private func loss(_ model: HeadModel) throws -> Double {
    var trainer = try Trainer(model, optimizer: .sgd(learningRate: 1e-9), seed: 5)
    return try #require(
      trainer.fit(Self.images(), .classes([0, 1, 0, 1]), epochs: 1, batchSize: 4)["loss"].first)
  }

  @Test func dropoutGoesByItsNoiseShape() throws {
    let single = try loss(output([]))
    let samples = try loss(output([-1, 1, 1, 1]))
    let channels = try loss(output([-1, 1, 1, -1]))
    #expect(single != samples && samples != channels && single != channels)
    #expect(try loss(output([-1, -1, -1, -1])) == single && loss(output([-1, 4, 4, 2])) == single)
    #expect(try loss(output([-1, 1, 1, 2])) == channels)
    for noise in [[1, 1, 1, 1], [-1, 1, 4, 1], [-1, 1, 1], [-1, 1, 3, 1]] {
      let error = #expect(throws: TrainingError.self) { try output(noise) }
      #expect(
        error?.description.contains("layer drop") == true
          && error?.description.contains("noise_shape") == true)
    }
    // An archive from before entries said it.
    let dropout = Catalog.Dropout { $0.rate = 0.5 }
    let layers = [
      Layer(name: "drop", operation: dropout, inputs: ["image"]),
      Layer(name: "sum", operation: Add(), inputs: ["image", "drop"]),
    ]
    #expect(try loss(Self.model(layers, dropsBranches: true)) == samples)
    #expect(try loss(Self.model(layers)) == single)
  }

  @Test func exactConvolutionsAreTrainedExactly() throws {
    func kernel(_ isExact: Bool) throws -> (HeadModel, TrainingCheckpoint?) {
      let wide = Conv2D {
        $0.filters = 16
        $0.window = SlidingWindow(size: Extent(3, 3), strides: Extent(1, 1))
      }
      let model = try Self.model(
        [
          Layer(name: "first", operation: wide, inputs: ["image"]),
          Layer(name: "second", operation: wide, inputs: ["first"]),
        ], isExact: isExact, size: 12)
      var trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.1))
      try trainer.fit(Self.images(size: 12), .classes([0, 1, 0, 1]), epochs: 2, batchSize: 4)
      return (trainer.model, nil)
    }
    let (exact, fast) = (try kernel(true).0, try kernel(false).0)
    #expect(exact.parameters != fast.parameters)
    for (one, other) in zip(exact.parameters, fast.parameters) {
      for (left, right) in zip(one.tensor.scalars, other.tensor.scalars) { #expect(abs(left - right) < 1e-4) }
    }
  }

  /// Weights that are numbers and answers that are not.
  @Test func answersThatAreNotFiniteAreAnError() throws {
    var features = [Float](repeating: 1, count: 8)
    let head = Head { Training.Dense(2, activation: .linear, kernelInitializer: .zeros) }
    func fit(validating: Float?) throws {
      var trainer = try Trainer(
        head: head, inputShape: [2], loss: .meanSquaredError, optimizer: .sgd(learningRate: 1e25))
      features[0] = 2
      let validation = validating.map {
        Samples(Tensor(shape: [2, 2], scalars: [$0, $0, $0, $0]), .classes([0, 1]))
      }
      try trainer.fit(
        Tensor(shape: [4, 2], scalars: features.map { $0 * (validating == nil ? 1e10 : 1) }),
        .classes([0, 1, 0, 0]), validation: validation, epochs: 1, batchSize: 4)
    }
    for value in [nil, 1e20] as [Float?] {
      let error = #expect(throws: TrainingError.self) { try fit(validating: value) }
      guard case .notFinite(1, 1, _, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(throws: TrainingError.self) {
      try HeadAnswers(scores: [.nan], outputs: [1, .nan], count: 1).checked()
    }
  }
}
