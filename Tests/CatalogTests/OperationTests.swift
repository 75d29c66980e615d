import Catalog
import Foundation
import Testing

/// What holds for every operation of the registry.
@Suite struct OperationTests {
  @Test func keywordsAndClassesAreUnique() {
    let keywords = LayerOperations.all.map { $0.keyword }
    #expect(Set(keywords).count == keywords.count)
    let classes = LayerOperations.all.flatMap { $0.kerasClasses }
    #expect(Set(classes).count == classes.count)
    #expect(LayerOperations.all.allSatisfy { !$0.kerasClasses.isEmpty })
  }

  /// What is written is what is read, with every setting in its line.
  @Test func linesReadBackAsTheyWereWritten() throws {
    for type in LayerOperations.all {
      let inputs =
        switch type.arity {
        case .none: [String]()
        case .one: ["a"]
        case .two: ["a", "b"]
        case .twoOrMore: ["a", "b", "a"]
        }
      let layer = Layer(name: "layer", operation: type.init(), inputs: inputs)
      #expect(try read(layer.line()) == layer, "\(layer.line())")
    }
  }

  /// A padding of odd sizes is a setting of entries alone: Keras's layers have none, whatever is in their configuration.
  @Test func paddingOfOddSizesIsReadBack() throws {
    let even = EdgeInsets(top: 0, bottom: 1, left: 2, right: 3)
    for odd in [nil, EdgeInsets(top: 4, bottom: 5, left: 6, right: 7)] {
      let layer = Layer(name: "pad", operation: ZeroPadding2D(even, odd: odd), inputs: ["a"])
      #expect(layer.line().contains("\"oddPadding\": [[4, 5], [6, 7]]") == (odd != nil), "\(layer.line())")
      let found = try read(layer.line())
      #expect(found == layer && (found.operation as? ZeroPadding2D)?.oddPadding == odd)
      let broken = layer.line().replacing("[6, 7]", with: "[6, -7]")
      if odd != nil { #expect(throws: DecodingError.self) { try read(broken) } }
    }
  }

  static let activations: [(Activation, String)] = [
    (.relu, "\"relu\""), (.relu(maxValue: 6), "{\"name\": \"relu\", \"maxValue\": 6}"),
    (
      .relu(maxValue: 2.5, negativeSlope: 0.1, threshold: 0.5),
      "{\"name\": \"relu\", \"maxValue\": 2.5, \"negativeSlope\": 0.1, \"threshold\": 0.5}"
    ),
    (.leakyReLU(), "\"leaky_relu\""),
    (.leakyReLU(negativeSlope: 0.3), "{\"name\": \"leaky_relu\", \"negativeSlope\": 0.3}"),
    (.elu(), "\"elu\""), (.elu(alpha: 0.5), "{\"name\": \"elu\", \"alpha\": 0.5}"),
    (.hardSigmoid(slope: 0.2), "{\"name\": \"hard_sigmoid\", \"slope\": 0.2}"),
    (.gelu(approximate: true), "{\"name\": \"gelu\", \"approximate\": true}"), (.silu, "\"silu\""),
  ]

  @Test(arguments: activations) func activationsHaveOneSpelling(activation: Activation, text: String) throws {
    let layer = Layer(name: "a", operation: ActivationLayer(activation), inputs: ["b"])
    #expect(
      layer.line() == "{\"name\": \"a\", \"op\": \"activation\", \"input\": \"b\", \"activation\": \(text)}")
    #expect(try read(layer.line()) == layer)
  }

  @Test(arguments: [
    ("relu6", Activation.relu(maxValue: 6)), ("swish", .silu), ("hard_swish", .hardSilu),
    ("gelu", .gelu(approximate: false)),
  ])
  func activationsHaveKerasNames(name: String, activation: Activation) {
    #expect(Activation(kerasName: name) == activation)
  }

  @Test(arguments: [
    "\"swosh\"", "{\"name\": \"relu\", \"alpha\": 1}", "{\"maxValue\": 6}",
    "{\"name\": \"gelu\", \"approximate\": 1}", "3",
  ])
  func refusesOtherActivations(text: String) {
    let line = "{\"name\": \"a\", \"op\": \"activation\", \"input\": \"b\", \"activation\": \(text)}"
    #expect(throws: DecodingError.self) { try read(line) }
  }

  private func read(_ line: String) throws -> Layer {
    try JSONDecoder().decode(Layer.self, from: Data(line.utf8), configuration: LayerDefaults())
  }
}
