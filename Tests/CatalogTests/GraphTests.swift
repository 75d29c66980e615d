import Catalog
import Testing

/// Wiring, shapes, parameters, costs and cuts of graphs.
@Suite struct GraphTests {
  private let input = Layer(name: "in", operation: InputLayer(channels: 3), inputs: [])

  private func convolution(
    _ name: String, _ input: String, filters: Int = 4, kernel: Extent = Extent(3, 3),
    strides: Extent = Extent(1, 1), padding: Padding = .valid
  ) -> Layer {
    let operation = Conv2D {
      $0.filters = filters
      $0.kernel = kernel
      $0.strides = strides
      $0.padding = padding
    }
    return Layer(name: name, operation: operation, inputs: [input])
  }

  @Test func findsEveryWiringProblem() {
    let graph = LayerGraph(layers: [
      input, Layer(name: "in2", operation: InputLayer(channels: 3), inputs: ["in"]),
      Layer(name: "add", operation: Add(), inputs: ["in"]), convolution("conv", "later"),
      convolution("later", "conv"), convolution("later", "conv"),
    ])
    #expect(
      graph.wiringProblems().map(\.problem) == [
        "in2: a second input; expected one, the first layer", "in2: an input reads 1 layers; expected none",
        "in2: no layer reads it, and it is not the last", "add: it reads 1 layers; expected two or more",
        "add: no layer reads it, and it is not the last",
        "conv: it reads later, which no layer before it is called",
        "later: the name is taken; expected every layer's name once",
      ])
    #expect(LayerGraph(layers: []).wiringProblems().count == 1)
    #expect(LayerGraph(layers: [convolution("conv", "in")]).wiringProblems().count == 2)
  }

  /// TensorFlow's arithmetic: `valid` is `ceil((n - k + 1) / s)`, `same` is `ceil(n / s)`.
  @Test(arguments: 1...12, [(1, 1), (2, 1), (3, 1), (3, 2), (5, 3)])
  func slidesWindowsAsTensorFlow(extent: Int, window: (size: Int, stride: Int)) throws {
    let same = Padding.same.outputExtent(of: extent, window: window.size, stride: window.stride)
    #expect(same == (extent + window.stride - 1) / window.stride)
    let valid = Padding.valid.outputExtent(of: extent, window: window.size, stride: window.stride)
    #expect(valid == max(0, (extent - window.size + window.stride) / window.stride))
  }

  @Test func refusesWhatDoesNotFit() {
    let graph = LayerGraph(layers: [input, convolution("conv", "in")])
    #expect(throws: CatalogError.self) { try graph.activationShapes(height: 2, width: 8) }
    #expect(throws: CatalogError.self) { try graph.activationShapes(height: 0, width: 8) }
    #expect(throws: CatalogError.self) { try graph.activationShapes(height: 1 << 20, width: 8) }
    let dense = LayerGraph(layers: [
      input, Layer(name: "flat", operation: Flatten(), inputs: ["in"]),
      Layer(name: "dense", operation: Dense { $0.units = 2 }, inputs: ["flat"]),
    ])
    #expect(throws: CatalogError.self) { try dense.parameters() }
    #expect(throws: Never.self) { try dense.parameters(height: 4, width: 4) }
  }

  @Test func ordersParametersAsKeras() throws {
    let separable = SeparableConv2D {
      $0.filters = 5
      $0.kernel = Extent(3, 2)
    }
    let graph = LayerGraph(layers: [
      input,
      Layer(name: "bn", operation: BatchNormalization(), inputs: ["in"]),
      Layer(name: "sep", operation: separable, inputs: ["bn"]),
    ])
    let parameters = try graph.parameters()
    #expect(
      parameters.map(\.name) == [
        "bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance", "sep/depthwise_kernel",
        "sep/pointwise_kernel", "sep/bias",
      ])
    #expect(parameters.map(\.shape) == [[3], [3], [3], [3], [3, 2, 3, 1], [1, 1, 3, 5], [5]])
    #expect(parameters.map(\.isTrainable) == [true, true, false, false, true, true, true])
    #expect(ParameterCounts(parameters, frozen: ["sep"]).trainable == 6)
  }

  @Test func countsCosts() throws {
    let graph = LayerGraph(layers: [
      input, convolution("a", "in", strides: Extent(2, 2), padding: .same), convolution("b", "a"),
      Layer(name: "pool", operation: GlobalAveragePooling2D(), inputs: ["b"]),
      Layer(name: "dense", operation: Dense { $0.units = 2 }, inputs: ["pool"]),
    ])
    let costs = try graph.costs(height: 9, width: 8)
    #expect(costs.map(\.multiplyAdds) == [0, 5 * 4 * 4 * 27, 3 * 2 * 4 * 36, 0, 8])
    #expect(costs.map(\.activationBytes) == [864, 320, 96, 16, 8])
    #expect(costs.map(\.receptiveField) == [Extent(1, 1), Extent(3, 3), Extent(7, 7), nil, nil])
    #expect(costs.map(\.stride) == [Extent(1, 1), Extent(2, 2), Extent(2, 2), nil, nil])
  }

  /// 3.86 and 15.3 thousand million multiply-adds are the published figures without the classifier.
  @Test(arguments: [("resnet50", 3_855_925_248), ("vgg16", 15_346_630_656)])
  func countsPublishedCosts(entry: String, multiplyAdds: Int) throws {
    let costs = try EntryCatalog.embedded.entry(entry).graph().costs(height: 224, width: 224)
    #expect(costs.map(\.multiplyAdds).reduce(0, +) == multiplyAdds)
  }

  @Test func cutsAtALayer() throws {
    let graph = try EntryCatalog.embedded.entry("inception_v3").graph()
    let cut = try graph.truncated(at: "mixed7")
    #expect(cut.layers.count == 229)
    #expect(cut.wiringProblems().isEmpty)
    #expect(try cut.activationShapes(height: 150, width: 150).last == [7, 7, 768])
    #expect(ParameterCounts(try cut.parameters()).total == 8_975_264)
    // Only what the layer depends on: the other branches of its block go.
    #expect(
      try graph.truncated(at: "conv2d_5").layers.map(\.name).suffix(2) == ["max_pooling2d_1", "conv2d_5"])
    #expect(try graph.truncated(at: "input_layer").layers.count == 1)
    let error = #expect(throws: CatalogError.self) { try graph.truncated(at: "mixed77") }
    #expect(error == .unknownLayer("mixed77", nearest: "mixed7"))
  }

  /// Keras pads MobileNetV2 by the size of its image: the graph as written is that of even sizes down to the last layer.
  @Test func refusesSizesThatKerasBuildsAnotherGraphFor() throws {
    let entry = try EntryCatalog.embedded.entry("mobilenet_v2")
    #expect(throws: Never.self) { try entry.checkInputSize(height: 96, width: 160) }
    for (height, width) in [(65, 96), (96, 100)] {
      #expect(throws: CatalogError.inputNotMultiple(of: 32, found: Extent(height, width))) {
        try entry.checkInputSize(height: height, width: width)
      }
    }
    let odd = entry.json.replacing("\"sizeMultiple\": 32", with: "\"sizeMultiple\": 30")
    let problems = try CatalogEntry(json: odd).problems().map(\.text)
    #expect(
      problems.count == 2
        && problems.allSatisfy { $0.hasSuffix("expected multiples of 30, as sizeMultiple says") })
  }

  @Test func refusesSmallImagesInKerasWords() throws {
    let entry = try EntryCatalog.embedded.entry("inception_v3")
    let error = #expect(throws: CatalogError.self) { try entry.checkInputSize(height: 74, width: 99) }
    #expect(error?.description.hasPrefix("input size: must be at least 75x75") == true)
    #expect(throws: Never.self) { try entry.checkInputSize(height: 75, width: 75) }
    let old = try EntryCatalog.embedded.entry("resnet50")
    #expect(try old.minimumSize(variant: "A") == Extent(197, 197))
    #expect(throws: Never.self) { try old.checkInputSize(height: 32, width: 32) }
    #expect(throws: CatalogError.self) { try old.checkInputSize(height: 196, width: 224, variant: "A") }
  }
}
