import Catalog
import Execution
import Kernels
import TestSupport
import Tensors
import Testing

/// Networks on a machine that is not the processors: what passes hand over is all that it takes to run them.
@Suite struct BackendTests {
  private static let plain: Plan.Options = {
    var options = Plan.Options()
    options.backend = PlainBackend()
    return options
  }()

  @Test(arguments: LayerCase.all) func anotherBackendIsKeras(_ layer: LayerCase) throws {
    let (input, expected) = (try layer.input, try layer.output)
    let plan = try Plan(
      graph: try layer.graph(), parameters: { layer.parameters[$0] }, height: input.shape[1],
      width: input.shape[2], options: Self.plain)
    #expect(plan.steps.allSatisfy { $0.algorithm == "definition" })
    let features = try Session(plan).run(input)
    #expect(features.shape == expected.shape)
    let closeness = Closeness(features.scalars, expected.scalars)
    #expect(closeness.isWithin(relative: 2e-6, absolute: 1e-6), "\(closeness)")
  }

  /// Passes alone, without a processor's rounding: rewritten graphs compute what the layers say.
  @Test(arguments: FusionTests.examples) func passesChangeNothing(_ example: FusionTests.Example) throws {
    var builder = GraphBuilder(channels: 3)
    example.build(&builder)
    let parameters = try Networks.parameters(of: builder.graph, height: 9, width: 7)
    let network = try PlainNetwork(builder.graph, height: 9, width: 7, parameters: parameters)
    let images = SyntheticWeights(seed: 5).images(count: 2, height: 9, width: 7)
    let plan = try Plan(
      graph: builder.graph, parameters: { parameters[$0] }, height: 9, width: 7, options: Self.plain)
    let expected = (0..<2).flatMap { network.features(Array(images.scalars[$0 * 189..<($0 + 1) * 189])) }
    let closeness = Closeness(try Session(plan).run(images).scalars, expected)
    #expect(closeness.isWithin(relative: 1e-6, absolute: 1e-6), "\(closeness)")
  }

  private static func layers(channels: Int, flattens: Bool) -> LayerGraph {
    var builder = GraphBuilder(channels: channels)
    let start = flattens ? builder.add("flat", Flatten(), ["input"]) : "input"
    let first = builder.dense("head/first", builder.normalization("head/bn", start), 24, activation: .relu)
    let second = builder.normalization("head/bn_1", builder.add("drop", Dropout(), [first]))
    _ = builder.activation("head/last", builder.dense("head/sums", second, 5), .softmax)
    return builder.graph
  }

  /// Layers behind a network's features in one pass come out as those of a plan that reads the features, to the bit, for any
  /// number of threads, whenever weights are packed; and the features are what they were.
  @Test(arguments: [Plan.Pooling.none, .average, .maximum], [nil, 1])
  func layersBehindANetworkAreThoseOnItsFeatures(pooling: Plan.Pooling, images: Int?) throws {
    let graph = try Networks.graph("squeezenet")
    let parameters = try Networks.parameters(of: graph, height: 64, width: 64)
    let inputs = SyntheticWeights(seed: 11).images(count: 5, height: 64, width: 64)
    for variant in KernelVariant.supported {
      let options = Plan.Options(pooling: pooling, variant: variant, images: images)
      let network = try Plan(
        graph: graph, parameters: { parameters[$0] }, height: 64, width: 64, options: options)
      let (shape, channels) = (network.outputShape, network.outputShape.dimensions.last ?? 0)
      let layers = Self.layers(channels: channels, flattens: pooling == .none)
      let (height, width) = shape.rank == 3 ? (shape[0], shape[1]) : (1, 1)
      let own = try Networks.parameters(of: layers, height: height, width: width)
      var wanted = Plan.Options(variant: variant)
      wanted.outputs = ["head/sums", "head/last"]
      let alone = try Plan(
        graph: layers, parameters: { own[$0] }, height: height, width: width, options: wanted)
      let whole = try network.appending(layers, outputs: wanted.outputs, parameters: { own[$0] })
      #expect(whole.steps.count == network.steps.count + alone.steps.count)
      #expect(whole.inputShape == network.inputShape)
      let expected = try Session(alone).runAll(Session(network).run(inputs))
      for (threads, slice) in [(1, 5), (2, 2), (3, 1)] {
        let session = try Session(whole, pool: ThreadPool(threads: threads), sliceImages: slice)
        let outputs = try session.runAll(inputs)
        #expect(outputs.map(\.scalars) == expected.map(\.scalars), "\(variant), \(threads) threads")
      }
    }
  }

  @Test func layersThatReadSomethingElseAreRefused() throws {
    let graph = try Networks.graph("squeezenet")
    let parameters = try Networks.parameters(of: graph, height: 64, width: 64)
    let network = try Plan(
      graph: graph, parameters: { parameters[$0] }, height: 64, width: 64, options: .init(pooling: .average))
    let layers = Self.layers(channels: 511, flattens: false)
    let own = try Networks.parameters(of: layers, height: 1, width: 1)
    #expect(
      throws: ExecutionError.invalidGraph(
        layer: "input", problem: "it reads (1, 1, 511); expected (1, 1, 512), which comes before it")
    ) {
      try network.appending(layers, parameters: { own[$0] })
    }
  }

  /// A backend may chain what the processors lay side by side.
  @Test func layersBehindANetworkRunOnAnotherBackend() throws {
    var builder = GraphBuilder(channels: 3)
    _ = builder.activation("relu", builder.convolution("a", "input", 6))
    let parameters = try Networks.parameters(of: builder.graph, height: 8, width: 8)
    let layers = Self.layers(channels: 6, flattens: false)
    let own = try Networks.parameters(of: layers, height: 1, width: 1)
    let images = SyntheticWeights(seed: 12).images(count: 3, height: 8, width: 8)
    let features = try [Plan.Options(pooling: .average), Self.pooled].map { options in
      let network = try Plan(
        graph: builder.graph, parameters: { parameters[$0] }, height: 8, width: 8, options: options)
      return try Session(network.appending(layers, parameters: { own[$0] })).run(images).scalars
    }
    let closeness = Closeness(features[0], features[1])
    #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "\(closeness)")
  }

  private static let pooled: Plan.Options = {
    var options = plain
    options.pooling = .average
    return options
  }()
}
