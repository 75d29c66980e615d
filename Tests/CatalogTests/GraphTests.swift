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

  /// The largest settings that an operation may have, layer on layer: whatever comes of it can be counted, or it is refused.
  @Test(
    arguments: [
      UpSampling2D { $0.size = Extent(4096, 4096) },
      ZeroPadding2D(EdgeInsets(top: 4096, bottom: 0, left: 4096, right: 0)),
      Reshape { $0.shape = [1 << 20, 1 << 20, 1 << 20, 1 << 20] },
      Reshape { $0.shape = [1 << 20, 1 << 20, -1] },
      Conv2DTranspose {
        ($0.filters, $0.kernel, $0.strides) = (1 << 20, Extent(4096, 4096), Extent(4096, 4096))
      },
      DepthwiseConv2D { $0.depthMultiplier = 1 << 20 }, Concatenate(), Flatten(),
      Dense { $0.units = 1 << 20 },
      Conv2D {
        ($0.filters, $0.kernel, $0.strides) = (1 << 20, Extent(4096, 4096), Extent(4096, 4096))
        ($0.padding, $0.window.dilation) = (.same, Extent(4096, 4096))
      },
      SeparableConv2D { ($0.filters, $0.depthMultiplier, $0.padding) = (1 << 20, 1 << 20, .same) },
      MaxPooling2D { ($0.size, $0.strides, $0.padding) = (Extent(4096, 4096), Extent(4096, 4096), .same) },
    ] as [any LayerOperation])
  func countsWhateverLayersMakeOrRefuses(operation: any LayerOperation) throws {
    for (count, channels) in [(1, 3), (10, 1 << 20), (70, 3)] {
      var layers = [Layer(name: "0", operation: InputLayer(channels: channels), inputs: [])]
      for index in 0..<count {
        let inputs = [String](repeating: "\(index)", count: type(of: operation).arity == .one ? 1 : 2)
        layers.append(Layer(name: "\(index + 1)", operation: operation, inputs: inputs))
      }
      let graph = LayerGraph(layers: layers)
      for (height, width) in [(64, 64), (1 << 16, 1 << 16)] {
        do throws(CatalogError) {
          let costs = try graph.costs(height: height, width: width)
          let parameters = try graph.parameters(height: height, width: width)
          #expect(costs.reduce(0) { $0 + $1.multiplyAdds + $1.activationBytes } >= 0)
          #expect(ParameterCounts(parameters).total >= 0)
        } catch {
          guard case .invalidGraph = error else { throw error }
        }
        do throws(CatalogError) {
          #expect(
            try !graph.parameters(height: height, width: width).contains { $0.shape.elementCount > 1 << 40 })
        } catch { #expect(!"\(error)".isEmpty) }
      }
      _ = try? graph.symbolicShapes(height: nil, width: nil)
    }
  }

  @Test func saysWhichLayerMakesTooMuch() {
    let doubled = (0..<62).map {
      Layer(
        name: "\($0)", operation: Concatenate(),
        inputs: [$0 == 0 ? "in" : "\($0 - 1)", $0 == 0 ? "in" : "\($0 - 1)"])
    }
    let error = #expect(throws: CatalogError.self) {
      try LayerGraph(layers: [input] + doubled).activationShapes(height: 8, width: 8)
    }
    #expect(error?.description.contains("has too many elements") == true, "\(String(describing: error))")
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

  /// An entry may be for some sizes only.
  @Test func refusesSizesThatAreNoMultiples() throws {
    let json = try EntryCatalog.embedded.entry("mobilenet_v2").json
      .replacing(
        "\"claims\": {\"layers\": 154", with: "\"sizeMultiple\": 32,\n  \"claims\": {\"layers\": 154")
    let entry = try CatalogEntry(json: json)
    #expect(entry.problems() == [])
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

  /// Zeros by the size of the image are those that Keras's `correct_pad` gives for each size, and none of an image left open.
  @Test func padsByTheSizeOfTheImage() throws {
    let entry = try EntryCatalog.embedded.entry("mobilenet_v2")
    let graph = try entry.graph()
    let pad = "block_1_pad"
    func zeros(_ graph: LayerGraph) -> ZeroPadding2D? { graph[pad]?.operation as? ZeroPadding2D }
    let (even, odd) = (
      EdgeInsets(top: 0, bottom: 1, left: 0, right: 1), EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)
    )
    #expect(zeros(graph) == ZeroPadding2D(even, odd: odd))
    #expect(zeros(graph.padded(for: nil)) == ZeroPadding2D(even, odd: odd))
    #expect(zeros(graph.padded(for: Extent(224, 96))) == ZeroPadding2D(even))
    // 225 pixels are 113 behind the first convolution, 97 are 49.
    #expect(zeros(graph.padded(for: Extent(225, 97))) == ZeroPadding2D(odd))
    #expect(
      zeros(graph.padded(for: Extent(225, 224)))
        == ZeroPadding2D(EdgeInsets(top: 1, bottom: 1, left: 0, right: 1)))
    for (size, extent) in [(224, 7), (225, 8), (193, 7), (97, 4)] {
      #expect(try graph.activationShapes(height: size, width: size).last == [extent, extent, 1280])
    }
    let open = try entry.graph(variant: "open")
    #expect(zeros(open) == ZeroPadding2D(even))
    #expect(try open.activationShapes(height: 225, width: 225).last == [7, 7, 1280])
  }

  /// A graph that was built for one odd size is the entry's for that size, and not the one of images left open.
  @Test func tellsGraphsOfOneSizeFromThoseOfAny() throws {
    let entry = try EntryCatalog.embedded.entry("mobilenet_v2")
    let found = try entry.graph().padded(for: Extent(225, 225))
    let names = Dictionary(uniqueKeysWithValues: Set(try found.parameters().map(\.layer)).map { ($0, $0) })
    func differences(_ expected: LayerGraph) -> [String] {
      GraphComparison(expected: expected, found: found, names: names).differences
    }
    #expect(differences(try entry.graph().padded(for: Extent(225, 225))) == [])
    #expect(differences(try entry.graph().padded(for: nil)).count == 4)
    #expect(differences(try entry.graph(variant: "open").padded(for: Extent(225, 225))).count == 4)
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
