import Catalog
import Foundation
import ONNX
import Tensors
import TestSupport
import Testing

@Suite("ONNX models")
struct ONNXModelTests {
  private static func layer(_ name: String, _ operation: any LayerOperation, _ inputs: String...) -> Layer {
    Layer(name: name, operation: operation, inputs: inputs)
  }

  @Test func everyOperationIsExpressible() {
    let all = LayerOperations.all.map { ObjectIdentifier($0) }
    let known = ExpressibleOperations.all.map { ObjectIdentifier($0) }
    #expect(Set(all) == Set(known) && all.count == known.count)
  }

  @Test func aFileSaysWhatItIs() throws {
    try withTemporaryFolder { folder in
      let model = try SmallModel([Self.layer("relu", ReLU(), "input")], shape: [4, 6, 3], in: folder)
      #expect(model.message.integers(1) == [8])
      #expect(model.message.texts(2) == ["tests"] && model.message.texts(3) == ["1"])
      #expect(model.message.messages(8).map { $0.integers(2) } == [[17]])
      #expect(model.message.messages(14).map { $0.texts(1) + $0.texts(2) } == [["network", "small"]])
      #expect(model.graph.texts(2) == ["small"])
      #expect(
        model.extents(11) == ["batch", "4", "6", "3"] && model.extents(12) == ["batch", "4", "6", "3"])
      #expect(model.lines == ["Relu(images) -> features"])
    }
  }

  /// Zeros of `same` are written out: where their number is odd one more is below and to the right. Zeros ahead become the window's.
  @Test func zerosAreTensorFlows() throws {
    let same = Conv2D {
      ($0.filters, $0.window.size, $0.window.strides) = (2, Extent(3, 3), Extent(2, 2))
      $0.window.padding = .same
    }
    let valid = Conv2D { ($0.filters, $0.window.size, $0.useBias) = (2, Extent(3, 3), false) }
    let frame = ZeroPadding2D(EdgeInsets(top: 1, bottom: 2, left: 3, right: 4))
    let mean = AveragePooling2D {
      ($0.window.size, $0.window.strides, $0.window.padding) = (Extent(2, 2), Extent(2, 2), .same)
    }
    try withTemporaryFolder { folder in
      let model = try SmallModel(
        [
          Self.layer("same", same, "input"), Self.layer("frame", frame, "same"),
          Self.layer("valid", valid, "frame"), Self.layer("mean", mean, "valid"),
        ], shape: [4, 5, 3], isChannelsFirst: true, in: folder)
      #expect(
        model.lines == [
          "Conv(images, same/kernel, same/bias) -> same dilations=[1, 1] group=1 kernel_shape=[3, 3] pads=[0, 1, 1, 1] "
            + "strides=[2, 2]",
          "Conv(same, valid/kernel) -> valid dilations=[1, 1] group=1 kernel_shape=[3, 3] pads=[1, 3, 2, 4] strides=[1, 1]",
          "AveragePool(valid) -> features count_include_pad=0 kernel_shape=[2, 2] pads=[0, 0, 1, 0] strides=[2, 2]",
        ])
      #expect(model.extents(12) == ["batch", "2", "2", "4"])
      let kernel = try #require(model.tensor("valid/kernel"))
      #expect(kernel.extents == [2, 2, 3, 3])
      // Ours is [kh, kw, in, out]: the first filter has every second number, its first map every fourth.
      #expect(kernel.floats.prefix(3) == [0, 4, 8] && kernel.floats[9] == 2 && kernel.floats[18] == 1)
    }
  }

  @Test func depthwiseFiltersOfAChannelLieTogether() throws {
    let depthwise = DepthwiseConv2D {
      ($0.window.size, $0.depthMultiplier, $0.useBias) = (Extent(1, 2), 2, false)
    }
    try withTemporaryFolder { folder in
      let model = try SmallModel([Self.layer("d", depthwise, "input")], shape: [3, 3, 3], in: folder)
      let kernel = try #require(model.tensor("d/depthwise_kernel"))
      #expect(kernel.extents == [6, 1, 1, 2] && kernel.floats == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
      #expect(model.lines[1].contains("group=3"))
    }
  }

  @Test func pixelsArePreprocessedAsTheyAreRead() throws {
    try withTemporaryFolder { folder in
      let model = try SmallModel(
        [Self.layer("relu", ReLU(), "input")], shape: [2, 2, 3], preprocessing: .caffe, batch: 4, in: folder)
      #expect(
        model.lines == [
          "Transpose(images) -> images/Transpose perm=[0, 3, 1, 2]",
          "Gather(images/Transpose, preprocessing/channels) -> preprocessing/Gather axis=1",
          "Sub(preprocessing/Gather, preprocessing/mean) -> input",
          "Relu(input) -> relu", "Transpose(relu) -> features perm=[0, 2, 3, 1]",
        ])
      #expect(model.tensor("preprocessing/mean")?.extents == [3, 1, 1])
      #expect(model.extents(11) == ["4", "2", "2", "3"])
    }
  }

  @Test func endingsGiveANumberForEachLabel() throws {
    let dense = Dense { $0.units = 1 }
    try withTemporaryFolder { folder in
      let layers = [
        Self.layer("pool", GlobalAveragePooling2D(), "input"), Self.layer("dense", dense, "pool"),
      ]
      let model = try SmallModel(layers, shape: [2, 2, 3], ending: .complement, in: folder)
      #expect(model.extents(12) == ["batch", "2"])
      #expect(
        model.lines.suffix(2) == [
          "Sub(one, dense) -> probabilities/Sub", "Concat(probabilities/Sub, dense) -> features axis=1",
        ])
    }
  }

  @Test func largeWeightsLieBeside() throws {
    let dense = Dense { ($0.units, $0.useBias) = (400, true) }
    try withTemporaryFolder { folder in
      let layers = [Self.layer("pool", GlobalMaxPooling2D(), "input"), Self.layer("dense", dense, "pool")]
      let model = try SmallModel(layers, shape: [2, 2, 3], weights: "small.onnx.data", in: folder)
      let tensors = model.graph.messages(5).filter { $0.integers(14) == [1] }
      let places = tensors.map { $0.messages(13).map { $0.texts(1)[0] + "=" + $0.texts(2)[0] } }
      #expect(
        places == [
          ["location=small.onnx.data", "offset=0", "length=4800"],
          ["location=small.onnx.data", "offset=8192", "length=1600"],
        ])
      let data = try Data(contentsOf: folder.appending(path: "small.onnx.data"))
      #expect(data.count == 8192 + 1600)
      #expect(data[4..<8] == Data([0, 0, 0x80, 0x3F]) && data[8196..<8200] == Data([0, 0, 0x80, 0x3F]))
    }
  }

  @Test func missingWeightsLeaveNothing() throws {
    try withTemporaryFolder { folder in
      let input = Self.layer("input", InputLayer())
      let graph = LayerGraph(layers: [input, Self.layer("conv", Conv2D(), "input")])
      let model = try ONNXModel(
        graph, name: "small", input: ONNXModel.Input(shape: [2, 2, 3]), outputName: "features",
        parameters: { _ in nil })
      let path = folder.appending(path: "a.onnx").path
      #expect(
        throws: ONNXError.parameter(name: "conv/kernel", expected: "a tensor of this name", found: "none")
      ) {
        try ONNXWriter(model, producer: ("tests", "1"), parameters: { _ in nil })
          .write(to: path, weights: nil, progress: { _ in })
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
}
