import Tensors
import Testing
import Training

@Suite struct HeadModelTests {
  @Test func startsAsKerasDoes() throws {
    let model = try HeadModel(try Head("dense(300, relu), dense(2, softmax)"), inputShape: [500], seed: 1)
    #expect(
      model.parameters.map(\.name)
        == ["head/dense/kernel", "head/dense/bias", "head/dense_1/kernel", "head/dense_1/bias"])
    let kernel = model.parameters[0].tensor
    let limit = (6 / Double(800)).squareRoot()
    #expect(kernel.shape == [500, 300])
    #expect(kernel.scalars.allSatisfy { abs(Double($0)) <= limit })
    let variance = kernel.scalars.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(kernel.scalars.count)
    #expect(abs(variance / (limit * limit / 3) - 1) < 0.01)
    #expect(model.parameters[1].tensor.scalars.allSatisfy { $0 == 0 })
    #expect(model.parameterCount == 500 * 300 + 300 + 602)
  }

  @Test func seedsDecideParameters() throws {
    let head = try Head("dense(4), dense(4, softmax)")
    let models = try [1, 1, 2].map { try HeadModel(head, inputShape: [4], seed: $0).parameters }
    #expect(models[0] == models[1])
    #expect(models[0] != models[2])
    #expect(models[0][0].tensor != models[0][2].tensor)
  }

  @Test func survivesItsJSON() throws {
    let head = try Head(
      "dense(5, gelu, use_bias=false), activation(tanh), global_max_pooling, dropout(0.1), dense(2, softmax)")
    let model = try HeadModel(head, inputShape: [2, 3, 4], seed: 9)
    let json = try model.json
    #expect(
      json == """
        {"version": 2, "input_shape": [2, 3, 4], "layers": [\
        {"name": "dense", "op": "dense", "input": "features", "units": 5, "bias": false, "activation": "gelu"}, \
        {"name": "activation", "op": "activation", "input": "dense", "activation": "tanh"}, \
        {"name": "global_max_pooling2d", "op": "globalMaxPool", "input": "activation"}, \
        {"name": "dropout", "op": "dropout", "input": "global_max_pooling2d", "rate": 0.1}, \
        {"name": "dense_1", "op": "dense", "input": "dropout", "units": 2, "bias": true, "activation": "softmax"}]}
        """)
    let restored = try HeadModel(json: json) { name in
      model.parameters.first { $0.name == name }?.tensor
    }
    #expect(restored.head == head)
    #expect(restored.inputShape == [2, 3, 4])
    #expect(restored.parameters == model.parameters)
    let features = SyntheticFeatures.uniform([3, 2, 3, 4], seed: 1)
    #expect(try restored.predict(features) == model.predict(features))
  }

  @Test func survivesItsJSONWithEveryOption() throws {
    let head = try Head(
      "batch_normalization(momentum=0.5, epsilon=0.01, center=false), "
        + "dense(5, relu, kernel_initializer=he_normal, bias_initializer=ones, l1=0.1, l2=0.2), "
        + "batch_normalization(scale=false), dense(2, softmax, bias_l1=0.3, bias_l2=0.4)")
    let model = try HeadModel(head, inputShape: [4], seed: 9)
    #expect(
      model.parameters.map(\.name) == [
        "gamma", "moving_mean", "moving_variance",
      ].map { "head/batch_normalization/\($0)" } + ["head/dense/kernel", "head/dense/bias"]
        + ["beta", "moving_mean", "moving_variance"].map { "head/batch_normalization_1/\($0)" }
        + ["head/dense_1/kernel", "head/dense_1/bias"])
    #expect(model.parameterCount == 12 + 25 + 15 + 12)
    #expect(model.nonTrainableParameterCount == 8 + 10)
    let summary = try head.summary(inputShape: [4])
    #expect(summary.map(\.parameterCount) == [12, 25, 15, 12])
    #expect(summary.map(\.nonTrainableParameterCount) == [8, 0, 10, 0])
    #expect(
      try model.json.hasSuffix(
        """
        "training": {"batch_normalization":{"momentum":0.5},\
        "dense":{"initializers":{"bias":"ones","kernel":"he_normal"},"regularizers":{"kernel":{"l1":0.1,"l2":0.2}}},\
        "dense_1":{"regularizers":{"bias":{"l1":0.3,"l2":0.4}}}}}
        """))
    let restored = try HeadModel(json: try model.json) { name in
      model.parameters.first { $0.name == name }?.tensor
    }
    #expect(restored.head == head)
    #expect(restored.parameters == model.parameters)
  }

  @Test(arguments: [
    "", "{}", "[]", "{\"version\":1}", "{\"version\":3,\"input_shape\":[4],\"layers\":[]}",
    "{\"version\":1,\"input_shape\":[-4],\"layers\":[]}",
    "{\"version\":1,\"input_shape\":[4],\"layers\":[{\"kind\":\"dense\",\"activation\":\"relu\",\"use_bias\":true}]}",
    "{\"version\":1,\"input_shape\":[4],\"layers\":[{\"kind\":\"dense\",\"units\":4,\"activation\":\"swoosh\",\"use_bias\":true}]}",
    "{\"version\":1,\"input_shape\":[4],\"layers\":[{\"kind\":\"dropout\"}]}",
    "{\"version\":1,\"input_shape\":[4],\"layers\":[{\"kind\":\"lstm\"}]}",
    "{\"version\":2,\"input_shape\":[4],\"layers\":[{\"name\":\"dense\",\"op\":\"dense\",\"input\":\"features\",\"units\":4}]}",
    "{\"version\":2,\"input_shape\":[4],\"layers\":[{\"name\":\"flatten\",\"op\":\"lstm\",\"input\":\"features\"}]}",
    "{\"version\":2,\"input_shape\":[4],\"layers\":[{\"name\":\"mine\",\"op\":\"flatten\",\"input\":\"features\"}]}",
    "{\"version\":2,\"input_shape\":[4],\"layers\":[{\"name\":\"flatten\",\"op\":\"flatten\",\"input\":\"image\"}]}",
    "{\"version\":2,\"input_shape\":[4],\"layers\":[],\"training\":{\"dense\":{}}}",
    "{\"version\":1,\"input_shape\":[9223372036854775807,2],\"layers\":[{\"kind\":\"flatten\"}]}",
  ])
  func refusesJSONThatIsNoHead(_ json: String) {
    #expect {
      try HeadModel(json: json) { _ in nil }
    } throws: { error in
      guard case TrainingError.malformedHead = error else { return false }
      return true
    }
  }

  @Test func refusesJSONThatDeclaresNonsense() {
    for layer in [
      "{\"kind\":\"dense\",\"units\":-4,\"activation\":\"relu\",\"use_bias\":true}",
      "{\"kind\":\"dense\",\"units\":9223372036854775807,\"activation\":\"relu\",\"use_bias\":true}",
      "{\"kind\":\"dropout\",\"rate\":1}",
      "{\"kind\":\"batch_normalization\",\"momentum\":2,\"epsilon\":1,\"center\":true,\"scale\":true}",
      "{\"kind\":\"dense\",\"units\":4,\"activation\":\"relu\",\"use_bias\":true,\"l2\":-1}",
    ] {
      #expect(throws: TrainingError.self) {
        try HeadModel(json: "{\"version\":1,\"input_shape\":[4],\"layers\":[\(layer)]}") { _ in nil }
      }
    }
  }

  /// Word for word what release 0.1.0 wrote.
  @Test func readsHeadsOfTheFirstVersion() throws {
    let json = """
      {"input_shape":[2,3,4],"layers":[{"center":false,"epsilon":0.01,"kind":"batch_normalization","momentum":0.5,\
      "scale":true},{"activation":"leaky_relu","bias_initializer":"ones","kernel_initializer":"he_normal",\
      "kind":"dense","l1":0.1,"l2":0.2,"units":5,"use_bias":true},{"activation":"tanh","kind":"activation"},\
      {"kind":"global_max_pooling2d"},{"kind":"unit_normalization"},{"kind":"flatten"},\
      {"kind":"dropout","rate":0.1},{"activation":"linear","bias_l2":0.3,"kind":"dense","units":2,"use_bias":true}],\
      "loss":{"from_logits":true,"kind":"categorical_crossentropy","label_smoothing":0.125},"version":1}
      """
    let head = try Head(
      "batch_normalization(momentum=0.5, epsilon=0.01, center=false), "
        + "dense(5, leaky_relu, kernel_initializer=he_normal, bias_initializer=ones, l1=0.1, l2=0.2), "
        + "activation(tanh), global_max_pooling, unit_normalization, flatten, dropout(0.1), dense(2, bias_l2=0.3)"
    )
    let model = try HeadModel(head, inputShape: [2, 3, 4], seed: 4)
    let read = try HeadModel(json: json) { name in model.parameters.first { $0.name == name }?.tensor }
    #expect(read.head == head)
    #expect(read.loss == Loss(.categoricalCrossEntropy, fromLogits: true, labelSmoothing: 0.125))
    #expect(read.parameters == model.parameters)
    let again = try HeadModel(json: try read.json) { name in
      model.parameters.first { $0.name == name }?.tensor
    }
    #expect(again.head == head && again.loss == read.loss)
  }

  @Test func refusesTrainingAttributesThatCannotBe() {
    for (attributes, found) in [
      ("{\"regularizers\":{\"kernel\":{\"l1\":0,\"l2\":-1}}}", "-1.0"), ("{\"momentum\":2}", "2.0"),
    ] {
      let (op, name) =
        found == "2.0"
        ? ("\"batchNorm\",\"epsilon\":0.1,\"scale\":true,\"center\":true", "batch_normalization")
        : ("\"dense\",\"units\":2,\"bias\":true,\"activation\":\"relu\"", "dense")
      let json = """
        {"version":2,"input_shape":[4],"layers":[{"name":"\(name)","input":"features","op":\(op)}],\
        "training":{"\(name)":\(attributes)}}
        """
      #expect {
        try HeadModel(json: json) { _ in nil }
      } throws: { error in
        guard case TrainingError.layer(name, _, found) = error else { return false }
        return true
      }
    }
  }

  @Test func refusesParametersThatDoNotFit() throws {
    let head = try Head("dense(2, softmax)")
    #expect(throws: TrainingError.missingParameter(name: "head/dense/bias")) {
      try HeadModel(head, inputShape: [3]) { name in
        name.hasSuffix("kernel") ? Tensor(repeating: 0, shape: [3, 2]) : nil
      }
    }
    #expect(
      throws: TrainingError.parameterShape(name: "head/dense/kernel", expected: [3, 2], found: [2, 3])
    ) {
      try HeadModel(head, inputShape: [3]) { _ in Tensor(repeating: 0, shape: [2, 3]) }
    }
  }

  @Test func predictsNothingForNothing() throws {
    let model = try HeadModel(try Head("dense(2, softmax)"), inputShape: [3])
    #expect(try model.predict(Tensor(shape: [0, 3], scalars: [])).shape == [0, 2])
  }

  @Test func dropoutKeepsTheExpectation() throws {
    let head = try Head("dropout(0.3), dense(1, sigmoid)")
    let width = 100_000
    let model = try HeadModel(head, inputShape: [width]) { name in
      name.hasSuffix("bias")
        ? Tensor(repeating: 0, shape: [1]) : Tensor(repeating: 0, shape: TensorShape([width, 1]))
    }
    let features = Tensor(repeating: 1, shape: TensorShape([1, width]))
    // Behind zero weights the output is 1/2, and a kernel's gradient is -1/2 times what dropout let through.
    let trainer = try Trainer(model)
    let found = try trainer.gradients(features, .classes([1]), dropout: 17).gradients[0]
    let kept = found.filter { $0 != 0 }
    #expect(abs(Double(kept.count) / Double(width) - 0.7) < 0.005)
    #expect(kept.allSatisfy { abs($0 + 0.5 / 0.7) < 1e-6 })
    #expect(try trainer.gradients(features, .classes([1]), dropout: 18).gradients[0] != found)
    #expect(try trainer.gradients(features, .classes([1])).gradients[0].allSatisfy { $0 == -0.5 })
  }
}
