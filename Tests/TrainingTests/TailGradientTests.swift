import Catalog
import Kernels
import Tensors
import Testing
import Training

/// A small network with the layer that is to be tried.
struct TailCase: CustomTestStringConvertible, Sendable {
  let name: String
  let layers: [Layer]
  /// Layers that do not learn.
  var frozen: Set<String> = []
  /// How far parameters are moved: less where there are kinks.
  var step: Float = 1e-2

  /// Whether the operation has kinks: its parameters are moved less.
  var hasKinks: Bool { step < 1e-2 }

  var testDescription: String { name }

  /// A learnt layer, the one to be tried, and a second that learns behind it.
  init(
    _ name: String, _ operation: any LayerOperation, reading inputs: [String] = ["low"], step: Float = 1e-2,
    frozen: Set<String> = []
  ) {
    let low = Conv2D {
      $0.filters = 4
      $0.activation = .tanh
    }
    let pooled = Catalog.GlobalAveragePooling2D { $0.keepsDimensions = true }
    let layers = [
      Layer(name: "image", operation: InputLayer(channels: 3), inputs: []),
      Layer(name: "low", operation: low, inputs: ["image"]),
      Layer(name: "other", operation: low, inputs: ["image"]),
      Layer(name: "pixel", operation: pooled, inputs: ["low"]),
      Layer(name: "tried", operation: operation, inputs: inputs),
      Layer(name: "sum", operation: Catalog.GlobalAveragePooling2D(), inputs: ["tried"]),
    ]
    self.name = name
    (self.frozen, self.step) = (frozen, step)
    let read = Set(inputs)
    self.layers = layers.filter {
      switch $0.name {
      case "other": read.contains("other")
      case "pixel": read.contains("pixel")
      case "low": read.contains("low") || read.contains("pixel")
      case "sum": !(operation is any GlobalPoolingOperation)
      default: true
      }
    }
  }

  static let all: [TailCase] = windows + merges + others

  private static func window(
    _ size: Int, _ stride: Int = 1, _ padding: Padding = .valid, dilation: Int = 1
  ) -> SlidingWindow {
    var window = SlidingWindow(size: Extent(size, size), strides: Extent(stride, stride))
    (window.padding, window.dilation) = (padding, Extent(dilation, dilation))
    return window
  }

  private static func convolution(_ window: SlidingWindow, groups: Int = 1) -> Conv2D {
    Conv2D {
      ($0.filters, $0.window, $0.groups, $0.activation) = (6, window, groups, .silu)
    }
  }

  private static func depthwise(_ window: SlidingWindow, multiplier: Int = 1) -> DepthwiseConv2D {
    DepthwiseConv2D { ($0.window, $0.depthMultiplier) = (window, multiplier) }
  }

  private static let windows: [TailCase] = [
    TailCase("pointwise", convolution(window(1))), TailCase("3x3", convolution(window(3))),
    TailCase("3x3 same", convolution(window(3, 1, .same))),
    TailCase("3x3 by 2", convolution(window(3, 2))),
    TailCase("3x3 same by 2", convolution(window(3, 2, .same))),
    TailCase("1x1 by 2", convolution(window(1, 2))),
    TailCase("2x2 dilated", convolution(window(2, 1, .valid, dilation: 2))),
    TailCase("3x3 dilated same", convolution(window(3, 1, .same, dilation: 2))),
    TailCase("groups", convolution(window(3, 1, .same), groups: 2)),
    TailCase("depthwise", depthwise(window(3, 1, .same))),
    TailCase("depthwise by 2", depthwise(window(3, 2, .same))),
    TailCase("depthwise valid by 2", depthwise(window(3, 2))),
    TailCase("depthwise dilated", depthwise(window(2, 1, .same, dilation: 2))),
    TailCase("depthwise twice", depthwise(window(3, 2, .same), multiplier: 2)),
    TailCase(
      "separable", SeparableConv2D { ($0.filters, $0.window) = (5, window(3, 1, .same)) }),
    TailCase("maximum 2", MaxPooling2D { $0.window = window(2, 2) }, step: 1e-3),
    TailCase("maximum 3 same", MaxPooling2D { $0.window = window(3, 2, .same) }, step: 1e-3),
    TailCase("mean 2", AveragePooling2D { $0.window = window(2, 2) }),
    TailCase("mean 3 same", AveragePooling2D { $0.window = window(3, 1, .same) }),
  ]

  private static let merges: [TailCase] = [
    TailCase("add", Add(), reading: ["low", "other", "low"]),
    TailCase("add pixel", Add(), reading: ["low", "pixel"]),
    TailCase("subtract", Subtract(), reading: ["low", "other"]),
    TailCase("multiply", Multiply(), reading: ["low", "other", "low"]),
    TailCase("multiply by pixel", Multiply(), reading: ["low", "pixel"]),
    TailCase("pixel multiplied", Multiply(), reading: ["pixel", "low"]),
    TailCase("average", Average(), reading: ["low", "other"]),
    TailCase("maximum", Maximum(), reading: ["low", "other"], step: 1e-3),
    TailCase("minimum", Minimum(), reading: ["low", "other"], step: 1e-3),
    TailCase("scaled", CustomScaleLayer { $0.scale = 0.3 }, reading: ["low", "other"]),
    TailCase("concatenate", Concatenate(), reading: ["low", "other"]),
  ]

  private static let others: [TailCase] = [
    TailCase("batch", Catalog.BatchNormalization()),
    TailCase("batch without scale", Catalog.BatchNormalization { $0.scale = false }),
    TailCase("batch frozen", Catalog.BatchNormalization(), frozen: ["tried"]),
    TailCase("convolution frozen", convolution(window(3)), frozen: ["tried"]),
    TailCase("layer normalisation", LayerNormalization()),
    TailCase("group normalisation", GroupNormalization { $0.groups = 2 }),
    TailCase("scale", LayerScale()), TailCase("prelu", PReLU(), step: 1e-3),
    TailCase("shared prelu", PReLU { $0.sharedAxes = [1, 2] }, step: 1e-3),
    TailCase("rescaling", Rescaling { ($0.scale, $0.offset) = ([2], [1]) }),
    TailCase("normalization", Normalization { ($0.mean, $0.variance) = ([0.1], [4]) }),
    TailCase("zeros", ZeroPadding2D(EdgeInsets(top: 1, bottom: 2, left: 0, right: 1))),
    TailCase("cropping", Cropping2D { $0.cropping = EdgeInsets(top: 1, bottom: 0, left: 2, right: 1) }),
    TailCase("crop", CenterCrop { ($0.height, $0.width) = (3, 3) }),
    TailCase("larger", UpSampling2D()), TailCase("silu", ActivationLayer(.silu)),
    TailCase("relu6", ReLU { $0.maxValue = 0.3 }, step: 1e-3),
    TailCase("sigmoid", ActivationLayer(.sigmoid)),
    TailCase("kept mean", Catalog.GlobalAveragePooling2D()),
    TailCase("largest", Catalog.GlobalMaxPooling2D(), step: 1e-3),
  ]
}

/// The gradient by every parameter of a backbone, through every operation, against central differences of the loss.
@Suite struct TailGradientTests {
  @Test(arguments: TailCase.all)
  func isTheSlope(_ tried: TailCase) throws {
    let model = try Self.model(tried)
    let features = SyntheticFeatures.uniform([4, 5, 6, 3], seed: 5)
    let found = try Trainer(model).gradients(features, .classes([0, 1, 2, 1])).gradients
    let parameters = model.parameters
    let largest = found.joined().map(abs).max() ?? 0
    #expect(largest > 1e-4)
    for (index, gradient) in found.enumerated() where parameters[index].name.hasPrefix("backbone/") {
      let isFrozen = tried.frozen.contains { parameters[index].name.hasPrefix("backbone/\($0)/") }
      #expect(gradient.isEmpty == (isFrozen || parameters[index].name.contains("moving_")))
      for (element, slope) in gradient.enumerated() {
        let losses = try [-tried.step, 0, tried.step].map { offset in
          let moved = try Self.model(tried) { name, tensor in
            if "backbone/" + name == parameters[index].name { tensor.scalars[element] += offset }
          }
          return try Trainer(moved).gradients(features, .classes([0, 1, 2, 1])).loss
        }
        // On both sides of a kink there are two slopes, and the one in between may be either.
        let sides = [losses[1] - losses[0], losses[2] - losses[1]].map { $0 / Double(tried.step) }
        let middle = (sides[0] + sides[1]) / 2
        let slack = 2e-3 * Double(max(largest, 0.1))
        let wanted = tried.hasKinks ? min(sides[0], sides[1])...max(sides[0], sides[1]) : middle...middle
        #expect(
          Double(slope) > wanted.lowerBound - slack && Double(slope) < wanted.upperBound + slack,
          "\(tried.name): \(parameters[index].name)[\(element)]: \(slope), expected \(wanted)")
      }
    }
  }

  @Test func everyOperationOfBackbonesIsTried() {
    let tried = Set(TailCase.all.flatMap(\.layers).map { ObjectIdentifier(type(of: $0.operation)) })
    let missing = DifferentiableOperations.ofBackbones.filter { !tried.contains(ObjectIdentifier($0)) }
    // Those that draw at random are tried elsewhere, and a reshape computes nothing.
    #expect(missing.map { $0.keyword }.sorted() == ["reshape", "spatialDropout", "stochasticDepth"])
  }

  @Test(arguments: ["3x3 same by 2", "3x3 same", "batch", "depthwise", "maximum 3 same", "multiply by pixel"])
  func anyNumberOfThreadsGivesTheSameBits(_ name: String) throws {
    let tried = try #require(TailCase.all.first { $0.name == name })
    let features = SyntheticFeatures.uniform([7, 19, 21, 3], seed: 6)
    let gradients = try [1, 2, 5].map { threads in
      var trainer = try Trainer(Self.model(tried, height: 19, width: 21))
      trainer.pool = ThreadPool(threads: threads)
      return try trainer.gradients(features, .classes([0, 1, 2, 1, 0, 0, 1])).gradients
    }
    #expect(gradients[0] == gradients[1] && gradients[0] == gradients[2])
  }

  @Test func aLayerWithoutAGradientIsNamed() {
    let turned = TailCase("permute", Permute { $0.axes = [2, 1, 3] })
    let expected = TrainingError.noGradientBehind(layers: ["tried (Permute)"])
    #expect(throws: expected) { try Self.model(turned) }
    #expect(
      expected.description == """
        a gradient would have to pass through tried (Permute), and there is none of that kind of layer yet; \
        train layers behind it alone
        """)
  }

  private static func model(
    _ tried: TailCase, height: Int = 5, width: Int = 6,
    _ change: (String, inout Tensor) -> Void = { _, _ in }
  ) throws -> HeadModel {
    let graph = LayerGraph(layers: tried.layers)
    let trained = Set(graph.layers.map(\.name)).subtracting(tried.frozen)
    let tail = try BackboneTail(
      of: graph, height: height, width: width, training: trained.subtracting(["image"]), momentum: 0.9)
    let synthetic = SyntheticWeights(seed: 11)
    let shapes = Dictionary(
      try graph.parameters(height: height, width: width).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    let head = Head { Training.Dense(3, activation: .softmax) }
    return try HeadModel(head, behind: tail, seed: 3) { name in
      guard let parameter = shapes[name] else { return nil }
      var tensor = Tensor(
        shape: parameter.shape,
        scalars: synthetic.values(layer: parameter.layer, role: parameter.role, shape: parameter.shape))
      change(name, &tensor)
      return tensor
    }
  }
}
