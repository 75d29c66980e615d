import Catalog
import Execution
import Kernels
import Tensors
import TestSupport
import Testing

/// Graphs in which something must not be fused, or only with care, against the network computed plainly.
@Suite struct FusionTests {
  struct Example: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var build: @Sendable (inout GraphBuilder) -> Void
  }

  static let examples: [Example] = [
    Example(testDescription: "convolution, normalisation, activation") { graph in
      let a = graph.convolution("a", "input", 8, useBias: false)
      _ = graph.activation("relu", graph.normalization("bn", a))
    },
    Example(testDescription: "normalisation after the activation") { graph in
      let a = graph.convolution("a", "input", 8, activation: .relu)
      _ = graph.convolution("b", graph.normalization("bn", a), 5)
    },
    Example(testDescription: "two normalisations in a row") { graph in
      let a = graph.convolution("a", "input", 8)
      _ = graph.normalization("second", graph.normalization("first", a, scale: false))
    },
    Example(testDescription: "a normalisation that is not the convolution's only reader") { graph in
      let a = graph.convolution("a", "input", 6)
      let b = graph.normalization("bn", a)
      graph.add("sum", Add(), [a, b])
    },
    Example(testDescription: "an activation that is not the convolution's only reader") { graph in
      let a = graph.convolution("a", "input", 6)
      let b = graph.activation("relu", a)
      graph.add("both", Concatenate(), [b, a])
    },
    Example(testDescription: "normalisation first") { graph in
      _ = graph.convolution("a", graph.normalization("bn", "input"), 4)
    },
    Example(testDescription: "normalisation, activation, normalisation") { graph in
      let a = graph.activation("relu", graph.normalization("first", "input"))
      _ = graph.normalization("second", a)
    },
    Example(testDescription: "a residual block with its shortcut") { graph in
      let a = graph.convolution("a", "input", 8, kernel: 1)
      let b = graph.convolution("b", a, 8, activation: .relu)
      let c = graph.normalization("c_bn", graph.convolution("c", b, 8, useBias: false))
      graph.add("sum", Add(), [a, c])
      _ = graph.convolution("d", graph.activation("relu", "sum"), 3)
    },
    Example(testDescription: "a sum whose convolution came first") { graph in
      let a = graph.convolution("a", "input", 8, kernel: 1, stride: 2)
      let b = graph.convolution("b", "input", 8)
      graph.maxPooling("pool", b, stride: 2, padding: .same)
      graph.add("sum", Add(), ["pool", a])
    },
    Example(testDescription: "three terms, one twice") { graph in
      let a = graph.convolution("a", "input", 8)
      let b = graph.convolution("b", "input", 8)
      graph.add("sum", Add(), [a, b, a])
      _ = graph.activation("relu", "sum")
    },
    Example(testDescription: "twice the same") { graph in
      let a = graph.convolution("a", "input", 8)
      graph.add("sum", Add(), [a, a])
    },
    Example(testDescription: "zeros before a max pooling of negative numbers") { graph in
      let a = graph.activation("tanh", graph.convolution("a", "input", 8), .tanh)
      let b = graph.normalization("shift", a)
      graph.maxPooling("pool", graph.padding("pad", b, 1), stride: 2, padding: .valid)
    },
    Example(testDescription: "zeros before an average pooling count") { graph in
      graph.averagePooling("pool", graph.padding("pad", "input", 1), stride: 2, padding: .valid)
    },
    Example(testDescription: "average pooling with TensorFlow's padding") { graph in
      graph.averagePooling("pool", "input", stride: 1, padding: .same)
    },
    Example(testDescription: "zeros before a window with padding of its own") { graph in
      _ = graph.convolution("a", graph.padding("pad", "input", 2), 4)
    },
    Example(testDescription: "zeros for two readers, one of which needs them for real") { graph in
      let pad = graph.padding("pad", "input", 1)
      let a = graph.convolution("a", pad, 4, padding: .valid)
      let b = graph.convolution("b", pad, 4, kernel: 3)
      graph.maxPooling("pool", b, stride: 1, padding: .valid)
      graph.add("sum", Add(), [a, "pool"])
    },
    Example(testDescription: "zeros behind zeros") { graph in
      let pad = graph.padding("first", "input", 1)
      _ = graph.convolution("a", graph.padding("second", pad, 2), 4, padding: .valid)
    },
    Example(testDescription: "few channels with padding on all sides") { graph in
      _ = graph.convolution("a", graph.padding("pad", "input", 3), 9, kernel: 7, stride: 2, padding: .valid)
    },
    Example(testDescription: "an activation before separable convolutions only") { graph in
      let a = graph.convolution("a", "input", 20)
      let relu = graph.activation("relu", a)
      let b = graph.separable("b", relu, 20)
      graph.add("sum", Add(), [a, graph.normalization("bn", b)])
    },
    Example(testDescription: "an activation before a separable and another layer") { graph in
      let a = graph.convolution("a", "input", 20)
      let relu = graph.activation("relu", a)
      let b = graph.separable("b", relu, 20, stride: 1)
      graph.add("all", Add(), [a, relu, b])
    },
    Example(testDescription: "zeros before a separable convolution") { graph in
      _ = graph.separable("a", graph.padding("pad", "input", 1), 6, padding: .valid)
    },
    Example(testDescription: "dropout hides a second reader") { graph in
      let a = graph.convolution("a", "input", 8)
      let b = graph.normalization("bn", graph.add("drop", Dropout(rate: 0.5), [a]))
      graph.add("sum", Add(), [a, b])
    },
    Example(testDescription: "dropout in between") { graph in
      let a = graph.convolution("a", "input", 8)
      _ = graph.activation("relu", graph.add("drop", Dropout(rate: 0.5), [a]))
    },
    Example(testDescription: "concatenations within concatenations, one input twice") { graph in
      let a = graph.convolution("a", "input", 5, activation: .relu)
      let b = graph.convolution("b", a, 3)
      graph.add("inner", Concatenate(), [a, b, a])
      let c = graph.convolution("c", "inner", 4)
      graph.add("outer", Concatenate(), ["input", "inner", c, b])
      _ = graph.convolution("last", "outer", 7, activation: .relu)
    },
    Example(testDescription: "pooling and sums within a concatenation") { graph in
      let a = graph.convolution("a", "input", 6)
      graph.maxPooling("max", a, stride: 1, padding: .same)
      graph.averagePooling("mean", a, stride: 1, padding: .same)
      graph.add("sum", Add(), ["max", "mean"])
      let b = graph.activation("sigmoid", "sum", .sigmoid)
      graph.add("all", Concatenate(), ["mean", b, "sum", "max"])
      _ = graph.activation("tanh", "all", .tanh)
    },
    Example(testDescription: "a head: flatten, dense, softmax") { graph in
      let a = graph.convolution("a", "input", 4, activation: .relu)
      graph.add("flatten", Flatten(), [a])
      graph.dense("hidden", "flatten", 19, activation: .relu)
      _ = graph.normalization("bn", "hidden")
      graph.dense("classes", "bn", 5, useBias: false, activation: .softmax)
    },
    Example(testDescription: "flattening a slice") { graph in
      let a = graph.convolution("a", "input", 4)
      let b = graph.convolution("b", "input", 3)
      graph.add("both", Concatenate(), [a, b])
      graph.add("flatten", Flatten(), [b])
      graph.dense("dense", "flatten", 3)
      graph.add("mean", GlobalAveragePooling2D(), ["both"])
      graph.add("all", Concatenate(), ["dense", "mean"])
    },
    Example(testDescription: "global poolings") { graph in
      let a = graph.convolution("a", "input", 9)
      graph.add("mean", GlobalAveragePooling2D(), [a])
      graph.add("max", GlobalMaxPooling2D(), [a])
      graph.add("all", Concatenate(), ["mean", "max"])
    },
    Example(testDescription: "clamps after everything that can end in one") { graph in
      let a = graph.activation("a_relu6", graph.convolution("a", "input", 20), .relu(maxValue: 0.3))
      let b = graph.activation("b_relu6", graph.separable("b", a, 20), .relu(maxValue: 0.2))
      let c = graph.activation("c_relu6", graph.normalization("c", b), .relu(maxValue: 0.5))
      graph.add("sum", Add(), [a, c])
      _ = graph.activation("sum_relu6", "sum", .relu(maxValue: 0.4))
    },
    Example(testDescription: "a clamp of a clamp, and one before separable convolutions only") { graph in
      let a = graph.convolution("a", "input", 20)
      let b = graph.activation(
        "b", graph.activation("a_relu6", a, .relu(maxValue: 0.4)), .relu(maxValue: 0.2))
      graph.add("sum", Add(), [a, graph.separable("c", b, 20)])
    },
    Example(testDescription: "activations that no kernel ends in") { graph in
      let a = graph.activation("gelu", graph.convolution("a", "input", 6), .gelu())
      let b = graph.activation("silu", graph.normalization("bn", a), .silu)
      let c = graph.activation("mish", graph.separable("c", b, 6), .mish)
      graph.add("sum", Add(), [b, c])
      let d = graph.activation("elu", "sum", .elu(alpha: 0.7))
      graph.add(
        "all", Concatenate(), [d, graph.activation("slope", d, .relu(negativeSlope: 0.1, threshold: 0.2))])
      _ = graph.activation("softmax", "all", .softmax)
    },
    Example(testDescription: "a normalisation and an activation that two pointwise convolutions read") {
      graph in
      let a = graph.convolution("a", "input", 20)
      let before = graph.activation("relu", graph.normalization("bn", graph.activation("tanh", a, .tanh)))
      let b = graph.convolution("b", before, 30, kernel: 1)
      let c = graph.convolution("c", before, 30, kernel: 1, stride: 2)
      graph.averagePooling("pool", b, stride: 2, padding: .same)
      graph.add("sum", Add(), ["pool", c])
    },
    Example(testDescription: "an activation that a pointwise convolution and another layer read") { graph in
      let a = graph.activation("relu", graph.normalization("bn", "input"))
      let b = graph.convolution("b", a, 3, kernel: 1)
      graph.add("sum", Add(), [a, b])
    },
    Example(testDescription: "a depthwise convolution before a pointwise one, with everything in between") {
      graph in
      let a = graph.convolution("a", "input", 33, kernel: 1, activation: .relu)
      let b = graph.normalization("b_bn", graph.depthwise("b", a))
      let c = graph.convolution("c", graph.activation("relu6", b, .relu(maxValue: 6)), 33, kernel: 1)
      graph.add("sum", Add(), [a, graph.normalization("c_bn", c)])
      let d = graph.activation("silu", graph.depthwise("d", "sum", kernel: 5, stride: 2), .silu)
      _ = graph.convolution("e", d, 9, kernel: 1, activation: .gelu())
    },
    Example(testDescription: "squeeze and excitation") { graph in
      let a = graph.activation(
        "silu", graph.normalization("bn", graph.depthwise("a", "input", kernel: 5)), .silu)
      graph.add("mean", GlobalAveragePooling2D(), [a])
      graph.add("pixel", Reshape { $0.shape = [1, 1, 3] }, ["mean"])
      let b = graph.convolution("b", "pixel", 2, kernel: 1, activation: .silu)
      let c = graph.convolution("c", b, 3, kernel: 1, activation: .sigmoid)
      graph.add("product", Multiply(), [a, c])
      _ = graph.convolution("d", "product", 17, kernel: 1)
    },
    Example(testDescription: "means over part of an image, and of a second reader") { graph in
      let a = graph.depthwise("a", "input")
      graph.averagePooling("part", a, stride: 2, padding: .same)
      graph.add("mean", GlobalAveragePooling2D(), [a])
      graph.add("rest", GlobalAveragePooling2D(), ["part"])
      graph.add("all", Concatenate(), ["mean", "rest"])
    },
    Example(testDescription: "a depthwise convolution, a standardisation and two dense layers") { graph in
      let a = graph.convolution("a", "input", 24)
      let b = graph.convolution("b", a, 24, kernel: 7, groups: 24)
      graph.add("norm", LayerNormalization(), [b])
      graph.dense("c", "norm", 40, activation: .gelu())
      graph.dense("d", "c", 24)
      graph.add("scale", LayerScale(), ["d"])
      graph.add("sum", Add(), [a, "scale"])
      _ = graph.convolution("e", graph.add("last", LayerNormalization(), ["sum"]), 5, kernel: 1)
    },
    Example(testDescription: "means behind a pointwise convolution behind an activation") { graph in
      let a = graph.convolution("a", "input", 18)
      let b = graph.convolution("b", graph.activation("relu", graph.normalization("bn", a)), 12, kernel: 1)
      graph.add("pool", AveragePooling2D { ($0.size, $0.strides) = (Extent(2, 2), Extent(2, 2)) }, [b])
      let c = graph.convolution("c", "pool", 6, kernel: 1, activation: .relu)
      graph.add("mean", GlobalAveragePooling2D(), [c])
    },
    Example(testDescription: "a pointwise convolution whose means are not all that is read") { graph in
      let a = graph.convolution("a", "input", 6, kernel: 1)
      graph.add("mean", GlobalAveragePooling2D(), [a])
      graph.add("product", Multiply(), [a, "mean"])
    },
    Example(testDescription: "a lone input") { _ in },
    Example(testDescription: "an activation of the input") { graph in _ = graph.activation("relu", "input") },
    Example(testDescription: "zeros around the input are the output") { graph in
      _ = graph.padding("pad", "input", 2)
    },
  ]

  /// Whatever was fused gives the same bits for any number of threads and images at a time.
  @Test(arguments: examples) func sameBitsForAnyThreadsAndSlices(_ example: Example) throws {
    var builder = GraphBuilder(channels: 3)
    example.build(&builder)
    let graph = builder.graph
    let (height, width) = (21, 34)
    let parameters = try Networks.parameters(of: graph, height: height, width: width)
    let images = SyntheticWeights(seed: 6).images(count: 3, height: height, width: width)
    for variant in KernelVariant.supported {
      let plan = try Plan(
        graph: graph, parameters: { parameters[$0] }, height: height, width: width,
        options: .init(variant: variant))
      let expected = try Session(plan, pool: .single, sliceImages: 3).run(images)
      for (threads, slice) in [(1, 1), (2, 3), (3, 2), (7, 3)] {
        let session = try Session(plan, pool: ThreadPool(threads: threads), sliceImages: slice)
        #expect(try session.run(images) == expected, "\(variant), \(threads) threads, slices of \(slice)")
      }
    }
  }

  @Test(arguments: examples) func fusedIsPlain(_ example: Example) throws {
    var builder = GraphBuilder(channels: 3)
    example.build(&builder)
    let graph = builder.graph
    let (height, width) = (9, 7)
    let parameters = try Networks.parameters(of: graph, height: height, width: width)
    let plain = try PlainNetwork(graph, height: height, width: width, parameters: parameters)
    let images = SyntheticWeights(seed: 5).images(count: 3, height: height, width: width)
    let size = height * width * 3
    let expected = (0..<3).flatMap { plain.features(Array(images.scalars[$0 * size..<($0 + 1) * size])) }
    for variant in KernelVariant.supported {
      let plan = try Plan(
        graph: graph, parameters: { parameters[$0] }, height: height, width: width,
        options: .init(variant: variant))
      let features = try Session(plan, sliceImages: 2).run(images)
      let closeness = Closeness(features.scalars, expected)
      #expect(closeness.isWithin(.features), "\(variant): \(closeness)")
    }
  }
}
