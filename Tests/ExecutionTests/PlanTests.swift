import Catalog
import Execution
import Foundation
import Kernels
import Tensors
import TestSupport
import Testing

/// How networks are cut into steps.
@Suite struct PlanTests {
  /// Every operation that can be described can be run.
  @Test func everyOperationIsLowered() {
    #expect(LoweredOperations.all.map { $0.keyword } == LayerOperations.all.map { $0.keyword })
  }

  /// The networks whose steps are written down: one of every kind of step.
  static let identifiers = EntryCatalog.embedded.identifiers.filter {
    FileManager.default.fileExists(atPath: Repository.fixture("plans/\($0).txt"))
  }

  /// The steps of networks at their own size are lines of `Tests/Fixtures/plans`; `UPDATE_GOLDEN=1` writes them anew.
  @Test(arguments: identifiers)
  func stepsAreAsTheyWere(identifier: String) throws {
    let entry = try EntryCatalog.embedded.entry(identifier)
    let size = entry.defaultSize
    let graph = try entry.graph()
    let parameters = Dictionary(
      uniqueKeysWithValues: try graph.parameters().map { ($0.name, try Networks.view($0)) })
    let plan = try Plan(
      graph: graph, parameters: { parameters[$0] }, height: size.height, width: size.width,
      options: .init(images: 1))
    let text = plan.steps.map { step in
      let output = step.output
      return "\(step.layers.joined(separator: " ")): \(output.height)x\(output.width)x\(output.channels) "
        + "\(step.algorithm)\n"
    }.joined()
    let path = Repository.fixture("plans/\(identifier).txt")
    if Repository.updatesGoldenFiles { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text, "rewrite with UPDATE_GOLDEN=1")
  }
}
