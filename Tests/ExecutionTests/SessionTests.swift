import Catalog
import Execution
import Kernels
import Tensors
import TestSupport
import Testing

/// What must not change a bit, and what must be refused.
@Suite struct SessionTests {
  private static func plan(
    _ entry: String, size: Int, options: Plan.Options = .init(pooling: .average)
  ) throws -> Plan {
    let graph = try Networks.graph(entry)
    let parameters = try Networks.parameters(of: graph, height: size, width: size)
    return try Plan(graph: graph, parameters: { parameters[$0] }, height: size, width: size, options: options)
  }

  @Test(arguments: [
    ("resnet50", 64), ("xception", 75), ("inception_v3", 80), ("squeezenet", 61), ("mobilenet_v2", 96),
  ])
  func sameBitsForAnyThreadsAndSlices(entry: String, size: Int) throws {
    for variant in KernelVariant.supported {
      let plan = try Self.plan(entry, size: size, options: .init(pooling: .average, variant: variant))
      let images = SyntheticWeights(seed: 1).images(count: 5, height: size, width: size)
      let expected = try Session(plan, pool: ThreadPool(threads: 1), sliceImages: 5).run(images)
      for (threads, slice) in [(1, 1), (2, 2), (3, 3), (3, 5), (2, 16)] {
        let session = try Session(plan, pool: ThreadPool(threads: threads), sliceImages: slice)
        #expect(try session.run(images) == expected, "\(variant), \(threads) threads, slices of \(slice)")
      }
    }
  }

  @Test(arguments: [
    ("resnet50", 64), ("vgg16", 64), ("xception", 75), ("inception_v3", 80), ("mobilenet_v2", 96),
  ])
  func sameBitsWhenWeightsArePackedLate(entry: String, size: Int) throws {
    for variant in KernelVariant.supported {
      let ahead = try Self.plan(entry, size: size, options: .init(variant: variant))
      let late = try Self.plan(entry, size: size, options: .init(variant: variant, images: 1))
      let images = SyntheticWeights(seed: 7).images(count: 2, height: size, width: size)
      let expected = try Session(ahead).run(images)
      // The more images there is room for, the more weights find theirs behind activations.
      for (threads, slice) in [(1, 1), (2, 2), (3, 1), (2, 16)] {
        let session = try Session(late, pool: ThreadPool(threads: threads), sliceImages: slice)
        #expect(try session.run(images) == expected, "\(variant), \(threads) threads, slices of \(slice)")
      }
    }
  }

  /// Weights packed late are verified when they are used, unless that was asked for before; small ones at once.
  @Test func lateWeightsAreVerifiedBeforeTheyAreUsed() throws {
    struct Damaged: Error, Equatable { let name: String }
    func plan(damaged: String, images: Int?) throws -> Plan {
      let graph = try Networks.graph("squeezenet")
      let parameters = try Networks.parameters(of: graph, height: 64, width: 64)
      return try Plan(
        graph: graph,
        stored: { name in
          guard var stored = parameters[name].map(StoredParameter.init), name == damaged else {
            return parameters[name].map(StoredParameter.init)
          }
          stored.read = { _ in throw Damaged(name: name) }
          stored.verify = { _ in throw Damaged(name: name) }
          return stored
        },
        height: 64, width: 64, options: .init(images: images))
    }
    let images = SyntheticWeights(seed: 8).images(count: 1, height: 64, width: 64)
    let kernel = Damaged(name: "fire9/expand3x3/kernel")
    #expect(throws: kernel) { try plan(damaged: kernel.name, images: nil) }
    let late = try plan(damaged: kernel.name, images: 1)
    #expect(throws: kernel) { try Session(late).run(images) }
    #expect(throws: kernel) { try late.verify(on: ThreadPool(threads: 2)) }
    let bias = Damaged(name: "fire9/expand3x3/bias")
    #expect(throws: bias) { try plan(damaged: bias.name, images: 1) }
  }

  @Test func batchesSplitAnywhere() throws {
    let plan = try Self.plan("squeezenet", size: 64)
    let session = try Session(plan)
    let images = SyntheticWeights(seed: 2).images(count: 4, height: 64, width: 64)
    let together = try session.run(images).scalars
    let size = plan.inputShape.elementCount
    let apart = try (0..<4).flatMap {
      try session.run(images.scalars.span.extracting($0 * size..<($0 + 1) * size))
    }
    #expect(together == apart)
  }

  @Test func nothingInNothingOut() throws {
    let plan = try Self.plan("squeezenet", size: 64)
    #expect(try Session(plan).run(Tensor(shape: [0, 64, 64, 3], scalars: [])).shape == [0, 512])
  }

  @Test func sessionsShareAPlan() async throws {
    let plan = try Self.plan("squeezenet", size: 64)
    let images = SyntheticWeights(seed: 3).images(count: 1, height: 64, width: 64)
    let expected = try Session(plan).run(images)
    try await withThrowingTaskGroup(of: Tensor.self) { group in
      for _ in 0..<3 { group.addTask { try Session(plan, pool: ThreadPool(threads: 2)).run(images) } }
      for try await features in group { #expect(features == expected) }
    }
  }

  @Test func poolingIsTheMeanOrTheLargestOfTheFeatures() throws {
    let images = SyntheticWeights(seed: 4).images(count: 2, height: 80, width: 80)
    func features(_ pooling: Plan.Pooling) throws -> Tensor {
      try Session(try Self.plan("squeezenet", size: 80, options: .init(pooling: pooling))).run(images)
    }
    let whole = try features(.none)
    #expect(whole.shape == [2, 4, 4, 512])
    func pooled(_ reduce: ([Float]) -> Float) -> [Float] {
      (0..<2).flatMap { image in
        (0..<512).map { channel in
          reduce((0..<16).map { whole.scalars[(image * 16 + $0) * 512 + channel] })
        }
      }
    }
    let average = try features(.average)
    #expect(average.shape == [2, 512])
    #expect(Closeness(average.scalars, pooled { $0.reduce(0, +) / 16 }).isWithin(relative: 1e-6))
    #expect(try features(.maximum).scalars == pooled { $0.max() ?? 0 })
  }

  /// Layers that nothing is fused across come out the same to the bit.
  @Test(arguments: [
    ("resnet50", 64, ["conv2_block3_out", "conv4_block6_out", "conv5_block3_out"]),
    ("inception_v3", 80, ["mixed7", "mixed3", "mixed10"]),
    ("squeezenet", 61, ["fire3/concat", "fire9/concat", "fire3/concat"]),
  ])
  func severalOutputsAreThoseOfSeveralPlans(entry: String, size: Int, layers: [String]) throws {
    let images = SyntheticWeights(seed: 9).images(count: 3, height: size, width: size)
    for pooling in [Plan.Pooling.none, .average] {
      var options = Plan.Options(pooling: pooling)
      options.outputs = layers
      let plan = try Self.plan(entry, size: size, options: options)
      let together = try Session(plan, sliceImages: 2).runAll(images)
      #expect(plan.outputs.map(\.shape.dimensions) == together.map { Array($0.shape.dimensions.dropFirst()) })
      for (layer, features) in zip(layers, together) {
        let alone = try Self.plan(entry, size: size, options: .init(output: layer, pooling: pooling))
        #expect(try Session(alone).run(images) == features, "\(layer), \(pooling)")
      }
    }
  }

  /// With every layer an output nothing is fused, and everything is kept to the end.
  @Test func everyLayerAtOnce() throws {
    let size = 48
    var options = Plan.Options()
    options.outputs = try Networks.graph("squeezenet").layers.map(\.name)
    let images = SyntheticWeights(seed: 6).images(count: 1, height: size, width: size)
    let all = try Session(Self.plan("squeezenet", size: size, options: options)).runAll(images)
    for (layer, features) in zip(options.outputs, all) {
      let alone = try Session(Self.plan("squeezenet", size: size, options: .init(output: layer))).run(images)
      #expect(alone.shape == features.shape)
      let closeness = Closeness(features.scalars, alone.scalars)
      #expect(closeness.isWithin(.features), "\(layer): \(closeness)")
    }
  }

  @Test func anUnknownOutputIsNamedWithTheNearest() throws {
    var options = Plan.Options()
    options.outputs = ["fire3/concat", "fire4/concot"]
    #expect(throws: ExecutionError.unknownLayer("fire4/concot", nearest: "fire4/concat")) {
      try Self.plan("squeezenet", size: 64, options: options)
    }
  }

  @Test func cutAtEveryLayer() throws {
    let graph = try Networks.graph("squeezenet")
    let parameters = try Networks.parameters(of: graph, height: 48, width: 48)
    let shapes = try graph.activationShapes(height: 48, width: 48)
    let images = SyntheticWeights(seed: 6).images(count: 1, height: 48, width: 48)
    for (layer, shape) in zip(graph.layers, shapes) {
      let plan = try Plan(
        graph: graph, parameters: { parameters[$0] }, height: 48, width: 48,
        options: .init(output: layer.name))
      #expect(plan.outputShape == shape, "\(layer.name)")
      let plain = try PlainNetwork(
        graph.truncated(at: layer.name), height: 48, width: 48, parameters: parameters)
      let closeness = Closeness(try Session(plan).run(images).scalars, plain.features(images.scalars))
      #expect(closeness.isWithin(.features), "\(layer.name): \(closeness)")
    }
  }
}
