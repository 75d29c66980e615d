import Tensors
import Testing
import Training

import struct Catalog.MaxPooling2D
import enum Catalog.LayerOperations

@Suite struct HeadShapeTests {
  @Test func countsAsKerasDoes() throws {
    let head = try Head("flatten, dense(1024, relu), dropout(0.5), dense(1024, relu), dense(1, sigmoid)")
    let summary = try head.summary(inputShape: [7, 7, 512])
    #expect(summary.map(\.name) == ["flatten", "dense", "dropout", "dense_1", "dense_2"])
    #expect(summary.map(\.layer.className) == ["Flatten", "Dense", "Dropout", "Dense", "Dense"])
    #expect(summary.map(\.outputShape) == [[25088], [1024], [1024], [1024], [1]])
    #expect(summary.map(\.parameterCount) == [0, 25_691_136, 0, 1_049_600, 1_025])
  }

  @Test func poolsAndKeepsPositions() throws {
    let head = try Head("dense(5, use_bias=false), activation(relu), global_max_pooling, dense(2, softmax)")
    let summary = try head.summary(inputShape: [3, 2, 7])
    #expect(summary.map(\.outputShape) == [[3, 2, 5], [3, 2, 5], [5], [2]])
    #expect(summary.map(\.parameterCount) == [35, 0, 0, 12])
    #expect(summary.map(\.name) == ["dense", "activation", "global_max_pooling2d", "dense_1"])
  }

  @Test func refusesPoolingOfPooledFeatures() throws {
    let head = try Head("global_average_pooling, dense(2, softmax)")
    #expect {
      try head.summary(inputShape: [2048])
    } throws: {
      "\($0)".contains("global_average_pooling2d") && "\($0)".contains("pooled or flattened already")
    }
  }

  @Test func refusesAnOutputPerPosition() throws {
    #expect {
      try Head("dense(2, softmax)").summary(inputShape: [7, 7, 512])
    } throws: { error in
      guard case TrainingError.headOutput(_, "(7, 7, 2)", _) = error else { return false }
      return true
    }
  }

  @Test func refusesAHeadThatLearnsNothing() throws {
    for head in [Head(layers: []), try Head("flatten"), try Head("dropout(0.5)")] {
      #expect {
        try head.summary(inputShape: [4])
      } throws: { error in
        guard case TrainingError.headOutput(_, "none", _) = error else { return false }
        return true
      }
    }
  }

  @Test(arguments: [TensorShape([]), [0], [2, 3], [1, 2, 3, 4], [7, 0, 3]])
  func refusesStrangeInputs(_ shape: TensorShape) throws {
    #expect(throws: TrainingError.self) { try Head("dense(2)").summary(inputShape: shape) }
  }

  @Test func refusesDeclaredNonsense() {
    for rate in [1, 1.5, -0.1, .nan, .infinity] {
      let head = Head {
        Dropout(rate)
        Dense(1)
      }
      #expect {
        try head.summary(inputShape: [4])
      } throws: { error in
        guard case TrainingError.layer("dropout", _, "\(rate)") = error else { return false }
        return true
      }
    }
    for units in [0, -1, Int.max, 1 << 40] {
      #expect {
        try Head { Dense(units) }.summary(inputShape: [4])
      } throws: { error in
        guard case TrainingError.layer("dense", _, _) = error else { return false }
        return true
      }
    }
  }

  @Test func everyOperationOfAHeadIsOneOfTheCatalogue() {
    let known = LayerOperations.all.map { ObjectIdentifier($0) }
    #expect(DifferentiableOperations.all.allSatisfy { known.contains(ObjectIdentifier($0)) })
    #expect(DifferentiableOperations.all.count >= 8)
  }

  @Test func refusesWhatHasNoGradient() throws {
    let head = Head(layers: [HeadLayer(MaxPooling2D()), Flatten().headLayer, Dense(2).headLayer])
    #expect(throws: TrainingError.noGradient(layer: "max_pooling2d", operation: "MaxPooling2D")) {
      try HeadModel(head, inputShape: [4, 4, 3])
    }
    let json = """
      {"version": 2, "input_shape": [4, 4, 3], "layers": [
       {"name": "zero_padding2d", "op": "zeroPadding", "input": "features", "padding": [[1, 1], [1, 1]]},
       {"name": "flatten", "op": "flatten", "input": "zero_padding2d"},
       {"name": "dense", "op": "dense", "input": "flatten", "units": 2, "bias": true, "activation": "linear"}]}
      """
    #expect {
      try HeadModel(json: json) { _ in nil }
    } throws: { error in
      "\(error)".hasPrefix(
        "layer zero_padding2d: ZeroPadding2D cannot be trained in a head yet; expected one of Dense, ")
    }
  }
}
