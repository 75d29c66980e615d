import Catalog
import Execution
import Kernels
import Tensors
import TestSupport
import Testing

/// Features against Keras's own, element by element, at full size with synthetic weights.
@Suite(.serialized) struct ParityTests {
  @Test(arguments: try ParityCase.all()) func featuresAreKeras(_ parity: ParityCase) throws {
    let graph = try Networks.graph(parity.entry, variant: parity.variant)
    let parameters = try Networks.parameters(
      of: graph, height: parity.height, width: parity.width, gain: parity.gain)
    let pooling = try #require(Plan.Pooling(rawValue: parity.pooling))
    var images = SyntheticWeights(seed: Networks.seed).images(
      count: parity.batch, height: parity.height, width: parity.width)
    if try Networks.scalesPixels(parity.entry) {
      images = Tensor(shape: images.shape, scalars: images.scalars.map { $0 * 127.5 + 127.5 })
    }
    for isExact in [false, true] {
      let plan = try Plan(
        graph: graph, parameters: { parameters[$0] }, height: parity.height, width: parity.width,
        options: .init(output: parity.output, pooling: pooling, arithmetic: .f32(exact: isExact)))
      let features = try Session(plan).run(images)
      #expect(features.shape.dimensions == parity.shape)
      let picked = stride(from: 0, to: features.scalars.count, by: parity.step).map { features.scalars[$0] }
      let closeness = Closeness(picked, try parity.expected())
      #expect(closeness.isWithin(.features), "\(parity.file): \(closeness)")
    }
  }
}
