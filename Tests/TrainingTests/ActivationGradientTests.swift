import Foundation
import TestSupport
import Tensors
import Testing
import Training

/// What `Tests/Fixtures/activation-gradients/make.py` wrote.
struct ActivationGradients: Decodable {
  struct Function: Decodable {
    var values: [Float]
    /// Of each row's mean squared error by the row's inputs.
    var gradient: [Float]
  }

  var width: Int
  var inputs: [Float]
  var targets: [Float]
  /// By the text that a head writes.
  var functions: [String: Function]

  static let expected: ActivationGradients? = {
    let data = FileManager.default.contents(atPath: Repository.fixture("activation-gradients/expected.json"))
    return data.flatMap { try? JSONDecoder().decode(ActivationGradients.self, from: $0) }
  }()
}

/// Every activation of Keras against TensorFlow's values and gradients.
@Suite struct ActivationGradientTests {
  @Test func everyFunctionIsThere() throws {
    let expected = try #require(ActivationGradients.expected)
    let names = try expected.functions.keys.map { try #require(try Head("activation(\($0))").layers.first) }
    let missing = ActivationCases.all.map { $0.headLayer }.filter { !names.contains($0) }
    // Keras 3 has no name for Keras 2's slope.
    #expect(missing == [Activation.hardSigmoid(slope: 0.2).headLayer])
  }

  @Test(arguments: ActivationGradients.expected?.functions.keys.sorted() ?? [])
  func isTensorFlow(_ text: String) throws {
    let expected = try #require(ActivationGradients.expected)
    let function = try #require(expected.functions[text])
    let width = expected.width
    // A dense layer that hands on what it reads: the gradient by its bias is the one by the function's input.
    let model = try HeadModel(try Head("dense(\(width), \(text))"), inputShape: TensorShape([width])) {
      name in
      guard name.hasSuffix("kernel") else { return Tensor(repeating: 0, shape: TensorShape([width])) }
      let identity = (0..<width * width).map { Float($0 % (width + 1) == 0 ? 1 : 0) }
      return Tensor(shape: TensorShape([width, width]), scalars: identity)
    }
    let trainer = try Trainer(model, loss: .meanSquaredError)
    func row(_ scalars: [Float], _ start: Int) -> Tensor {
      Tensor(shape: TensorShape([1, width]), scalars: Array(scalars[start..<start + width]))
    }
    for start in stride(from: 0, to: expected.inputs.count, by: width) {
      let own = start..<start + width
      let values = try model.predict(row(expected.inputs, start)).scalars
      let closeness = Closeness(values, Array(function.values[own]))
      #expect(closeness.isWithin(relative: 2e-6, absolute: 1e-7), "\(closeness)")
      let gradients = try trainer.gradients(
        row(expected.inputs, start), .targets(row(expected.targets, start))
      ).gradients
      let slopes = Closeness(gradients[1], Array(function.gradient[own]))
      #expect(slopes.isWithin(relative: 1e-5, absolute: 1e-6), "\(slopes)")
    }
  }
}
