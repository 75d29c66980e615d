import Catalog
import Execution
import Kernels
import TestSupport
import Testing

/// Layers against Keras's own results, element by element, on odd sizes.
@Suite struct LayerParityTests {
  @Test func thereAreCases() { #expect(LayerCase.all.count >= 80) }

  @Test(arguments: LayerCase.all) func isKeras(_ layer: LayerCase) throws {
    let (input, expected, graph) = (try layer.input, try layer.output, try layer.graph())
    let (height, width) = (input.shape[1], input.shape[2])
    for isExact in [false, true] {
      let plan = try Plan(
        graph: graph, parameters: { layer.parameters[$0] }, height: height, width: width,
        options: .init(arithmetic: .f32(exact: isExact)))
      let features = try Session(plan).run(input)
      #expect(features.shape == expected.shape)
      let closeness = Closeness(features.scalars, expected.scalars)
      #expect(closeness.isWithin(relative: 1e-5, absolute: 1e-6), "\(closeness)")
    }
  }

  /// The plain reference knows every layer too, so that fused and larger networks can be held to it.
  @Test(arguments: LayerCase.all) func plainReferenceIsKeras(_ layer: LayerCase) throws {
    let (input, expected) = (try layer.input, try layer.output)
    let plain = try PlainNetwork(
      try layer.graph(), height: input.shape[1], width: input.shape[2], parameters: layer.parameters)
    let size = input.scalars.count / input.shape[0]
    let features = stride(from: 0, to: input.scalars.count, by: size).flatMap {
      plain.features(Array(input.scalars[$0..<$0 + size]))
    }
    let closeness = Closeness(features, expected.scalars)
    #expect(closeness.isWithin(relative: 2e-6, absolute: 1e-6), "\(closeness)")
  }
}
