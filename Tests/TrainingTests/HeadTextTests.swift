import Tensors
import Testing
import Training

@Suite struct HeadTextTests {
  @Test func textAndBuilderDeclareTheSame() throws {
    let text = try Head("flatten, dense(1024, relu), dropout(0.5), dense(1, sigmoid)")
    let built = Head {
      Flatten()
      Dense(1024, activation: .relu)
      Dropout(0.5)
      Dense(1, activation: .sigmoid)
    }
    #expect(text == built)
    #expect(built.description == "flatten, dense(1024, relu), dropout(0.5), dense(1, sigmoid)")
  }

  @Test func builderTakesConditionsAndLoops() {
    func head(_ drops: Bool) -> Head {
      Head {
        for units in [8, 4] { Dense(units, activation: .relu) }
        if drops { Dropout(0.25) } else { Activation(.tanh) }
        if drops { GlobalMaxPooling2D() }
        Dense(2, activation: .softmax, useBias: false)
      }
    }
    #expect(
      head(true).description
        == "dense(8, relu), dense(4, relu), dropout(0.25), global_max_pooling, "
        + "dense(2, softmax, use_bias=false)")
    #expect(head(false).layers[2] == Activation(.tanh).headLayer)
  }

  @Test(arguments: [
    ("Dense(4, activation='softmax')", "dense(4, softmax)"),
    ("dense( units = 4 ,activation=\"softmax\" )", "dense(4, softmax)"),
    ("dense(4, use_bias=False)", "dense(4, use_bias=false)"),
    ("GlobalAveragePooling2D(), dense(2)", "global_average_pooling, dense(2)"),
    ("global_max_pooling2d, dense(2, leakyrelu)", "global_max_pooling, dense(2, leaky_relu)"),
    ("GlobalAvgPool2D, dense(2)", "global_average_pooling, dense(2)"),
    ("dense(2), softmax", "dense(2), activation(softmax)"),
    ("dense(2), activation(gelu), dropout(rate=2.5e-1)", "dense(2), activation(gelu), dropout(0.25)"),
    ("dropout(0), dense(1)", "dropout(0.0), dense(1)"),
    ("BatchNormalization(), dense(2)", "batch_normalization, dense(2)"),
    ("UnitNormalization(), dense(2)", "unit_normalization, dense(2)"),
    ("dense(2, hard_silu), Mish, swish", "dense(2, hard_silu), activation(mish), activation(silu)"),
    ("dense(2, relu6), relu(max_value=6)", "dense(2, relu6), activation(relu6)"),
    (
      "leaky_relu(negative_slope=0.3), dense(2, activation=elu(alpha=0.5))",
      "activation(leaky_relu(negative_slope=0.3)), dense(2, elu(alpha=0.5))"
    ),
    (
      "relu(max_value=2, threshold=0.5), dense(2, gelu(approximate=True))",
      "activation(relu(max_value=2.0, threshold=0.5)), dense(2, gelu(approximate=true))"
    ),
    (
      "batch_normalization(momentum=0.9, epsilon=1e-5, center=False, scale=false), dense(2)",
      "batch_normalization(momentum=0.9, epsilon=1e-05, center=false, scale=false), dense(2)"
    ),
    (
      "dense(4, softmax, kernel_initializer=HeNormal, bias_initializer='ones', l1=1e-3, l2=0.01, bias_l2=.5)",
      "dense(4, softmax, kernel_initializer=he_normal, bias_initializer=ones, l1=0.001, l2=0.01, bias_l2=0.5)"
    ),
    ("dense(4, l2=0)", "dense(4)"),
    ("Dense(4, kernel_regularizer=l2(0.02))", "dense(4, l2=0.02)"),
    ("Dense(4, kernel_regularizer='l1', use_bias=False)", "dense(4, use_bias=false, l1=0.01)"),
    (
      "Dense(4, kernel_regularizer=L1L2(l2=0.1, l1=0.3), bias_regularizer=l2(l2=0.5))",
      "dense(4, l1=0.3, l2=0.1, bias_l2=0.5)"
    ),
    ("Dense(4, kernel_regularizer=l1_l2(0.3, 0.1))", "dense(4, l1=0.3, l2=0.1)"),
    ("Dense(4, kernel_regularizer=None, bias_regularizer=l1_l2())", "dense(4)"),
  ])
  func readsWhatPeopleWrite(_ text: String, _ canonical: String) throws {
    let head = try Head(text)
    #expect(head.description == canonical)
    #expect(try Head(head.description) == head)
  }

  @Test(arguments: [
    ("", 0), ("dense", 0), ("dense(4", 7), ("dense(4,, relu)", 8), ("dense(4) dropout(0.5)", 9),
    ("dense(4), ", 10), ("dense(0)", 6), ("dense(-3)", 6), ("dense(2.5)", 6), ("dense(relu)", 6),
    ("dense(4, relu, true, 1)", 21), ("flatten(2)", 8), ("dropout", 0), ("dropout(1)", 8),
    ("dropout(-0.1)", 8),
    ("dropout(1.0)", 8), ("dropout(nan)", 8), ("dropout(inf)", 8), ("dropout(.)", 8), ("dense(4; relu)", 7),
    ("dense(4, 'relu)", 9), ("dense(4, units=3)", 15), ("dense(4, use_bias=maybe)", 18), ("4", 0),
    ("dense(99999999999999999999)", 6), ("dropout(0.2, 0.3)", 13), ("dense(4, l2=-1)", 12),
    ("dense(4, l2=relu)", 12), ("batch_normalization(0.9)", 20), ("batch_normalization(momentum=x)", 29),
    ("batch_normalization(scale=1)", 26), ("dense(4, kernel_initializer=zeros(1))", 34),
    ("dense(4, tanh(1))", 14), ("tanh(1)", 5), ("elu(alpha=x)", 10),
  ])
  func pointsAtWhatItCannotRead(_ text: String, _ position: Int) {
    #expect {
      try Head(text)
    } throws: { error in
      guard case TrainingError.syntax(_, position, _, _) = error else { return false }
      return "\(error)".hasSuffix("\(String(repeating: " ", count: position))^")
    }
  }

  @Test(arguments: [
    ("dens(4)", "layer", "dense"), ("global_avrage_pooling", "layer", "global_average_pooling"),
    ("dense(4, sofmax)", "activation", "softmax"), ("dense(4, unit=3)", "option of dense", "units"),
    ("activation(gellu)", "activation", "gelu"),
    ("dense(4, kernel_initializer=he_norml)", "initializer", "he_normal"),
    ("batchnormalisation", "layer", "batch_normalization"), ("unit_norm", "layer", "unit_normalization"),
    ("batch_normalization(momentm=0.9)", "option of batch_normalization", "momentum"),
  ])
  func suggestsTheNearestName(_ text: String, _ kind: String, _ nearest: String) {
    #expect {
      try Head(text)
    } throws: { error in
      guard case TrainingError.unknownName(_, _, kind, _, nearest) = error else { return false }
      return "\(error)".contains("did you mean '\(nearest)'?")
    }
  }

  @Test func suggestsNothingFarFetched() {
    #expect {
      try Head("convolution(3)")
    } throws: { error in
      guard case TrainingError.unknownName(_, 0, "layer", "convolution", nil) = error else { return false }
      return true
    }
  }

  @Test func explainsTheDecimalComma() {
    let text = "flatten, dropout(0,2), dense(1, sigmoid)"
    #expect(throws: TrainingError.decimalComma(head: text, position: 17, written: "0,2", meant: "0.2")) {
      try Head(text)
    }
    #expect(
      throws: TrainingError.decimalComma(head: "dropout(0, 25)", position: 8, written: "0,25", meant: "0.25")
    ) { try Head("dropout(0, 25)") }
  }

  @Test func errorsReadAsSentences() {
    #expect {
      try Head("dropout(0,2), dense(1, sigmoid)")
    } throws: { error in
      "\(error)" == """
        head, position 9: '0,2' is two numbers, not 0.2; write the decimal point: 0.2
          dropout(0,2), dense(1, sigmoid)
                  ^
        """
    }
  }

  @Test func refusesParenthesesInParentheses() {
    let text = String(repeating: "dense(", count: 20_000)
    let error = #expect(throws: TrainingError.self) { try Head(text) }
    #expect(error?.description.contains("at most 4 parentheses in one another") == true)
  }
}
