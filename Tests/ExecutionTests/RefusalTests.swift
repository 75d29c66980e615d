import Catalog
import Execution
import Tensors
import Testing

@Suite struct RefusalTests {
  private static func builder() -> GraphBuilder {
    var builder = GraphBuilder(channels: 3)
    let first = builder.convolution("first", "input", 4)
    _ = builder.convolution("second", builder.normalization("norm", first), 2)
    return builder
  }

  private static func refusal(
    parameters: (String) throws -> TensorView?, output: String? = nil, size: Int = 8,
    padding: Padding = .same
  ) -> ExecutionError? {
    #expect(throws: ExecutionError.self) {
      try Plan(
        graph: Self.builder().graph, parameters: parameters, height: size, width: size,
        options: .init(output: output))
    }
  }

  private static func parameters() throws -> [String: TensorView] {
    try Networks.parameters(of: builder().graph, height: 8, width: 8)
  }

  @Test func unknownLayerSuggestsTheNearest() throws {
    let known = try Self.parameters()
    let error = Self.refusal(parameters: { known[$0] }, output: "secnod")
    #expect(error == .unknownLayer("secnod", nearest: "second"))
    #expect("\(try #require(error))".contains("did you mean second?"))
  }

  @Test func missingParametersAreListedTogether() throws {
    var known = try Self.parameters()
    known["first/bias"] = nil
    known["norm/gamma"] = nil
    #expect(Self.refusal(parameters: { known[$0] }) == .missingParameters(["first/bias", "norm/gamma"]))
  }

  @Test func parametersOfLayersBehindTheCutAreNotNeeded() throws {
    var known = try Self.parameters()
    known["second/kernel"] = nil
    known["second/bias"] = nil
    let plan = try Plan(
      graph: Self.builder().graph, parameters: { known[$0] }, height: 8, width: 8,
      options: .init(output: "norm"))
    #expect(plan.outputShape == [8, 8, 4])
  }

  @Test func wrongShapesAreListedTogether() throws {
    var known = try Self.parameters()
    known["first/bias"] = known["second/bias"]
    known["norm/beta"] = known["second/bias"]
    let error = Self.refusal(parameters: { known[$0] })
    #expect(
      error
        == .wrongShapes([
          .init(parameter: "first/bias", expected: [4], found: [2]),
          .init(parameter: "norm/beta", expected: [4], found: [2]),
        ]))
  }

  @Test func integersAreNoWeights() throws {
    var known = try Self.parameters()
    let storage = HeapStorage(copying: [Int32](repeating: 1, count: 4))
    known["first/bias"] = TensorView(shape: [4], scalarType: .int32, storage: storage, range: 0..<16)
    let error = Self.refusal(parameters: { known[$0] })
    #expect(error == .wrongScalarType(parameter: "first/bias", found: .int32))
  }

  @Test func halfPrecisionIsExpanded() throws {
    var known = try Self.parameters()
    let storage = HeapStorage(copying: [UInt16](repeating: 0x3C00, count: 4))
    known["first/bias"] = TensorView(shape: [4], scalarType: .float16, storage: storage, range: 0..<8)
    let ones = HeapStorage(copying: [Float](repeating: 1, count: 4))
    var single = known
    single["first/bias"] = TensorView(shape: [4], scalarType: .float32, storage: ones, range: 0..<16)
    let images = SyntheticWeights(seed: 1).images(count: 1, height: 8, width: 8)
    let results = try [known, single].map { parameters in
      try Session(
        try Plan(graph: Self.builder().graph, parameters: { parameters[$0] }, height: 8, width: 8)
      ).run(images)
    }
    #expect(results[0] == results[1])
  }

  @Test func anImageTooSmallForItsWindow() throws {
    let graph = try Networks.graph("inception_v3")
    let known = try Networks.parameters(of: graph, height: 75, width: 75)
    let error = #expect(throws: ExecutionError.self) {
      try Plan(graph: graph, parameters: { known[$0] }, height: 20, width: 75)
    }
    guard case .invalidGraph = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func inputThatIsNotWholeImages() throws {
    let known = try Self.parameters()
    let plan = try Plan(graph: Self.builder().graph, parameters: { known[$0] }, height: 8, width: 8)
    #expect(throws: ExecutionError.wrongInputCount(expectedMultipleOf: 192, found: 191)) {
      try Session(plan).run([Float](repeating: 0, count: 191).span)
    }
  }

  @Test func theCallersErrorPassesThrough() {
    struct Unreadable: Error {}
    #expect(throws: Unreadable.self) {
      try Plan(
        graph: Self.builder().graph, parameters: { _ in throw Unreadable() }, height: 8, width: 8)
    }
  }
}
