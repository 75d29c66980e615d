import Foundation
import ModelZoo
import TestSupport
import Testing

/// What is easily passed over in files of Keras: layers that consist of others, lists that leave weights out, what is packed with them.
@Suite struct KerasComparisonTests {
  private let catalog: NetworkCatalog

  init() throws { catalog = try NetworkCatalog() }

  private func compare(_ first: String, _ second: String) throws -> WeightComparison {
    try catalog.compare(
      Repository.fixture("comparison/\(first)"), with: Repository.fixture("comparison/\(second)"),
      options: ComparisonOptions(comparesFeatures: false))
  }

  /// The weights of what a layer consists of are compared, and named by it.
  @Test(arguments: [
    ("directions", 6, "/layers/bidirectional/backward_layer/cell/vars/2"),
    ("attention", 8, "/layers/multi_head_attention/output_dense/vars/1"),
    ("cells", 6, "/layers/rnn/cell/cells/gru_cell/vars/2"),
  ])
  func layersInsideLayersAreCompared(name: String, count: Int, differing: String) throws {
    let found = try compare("\(name)_a.keras", "\(name)_b.keras")
    #expect(found.tensors.count == count && !found.isEqual)
    #expect(found.differingTensors.compactMap(\.first?.path) == [differing])
    #expect(found.first.leftAside.isEmpty)
    #expect(try compare("\(name)_a.keras", "\(name)_a.keras").isEqual)
  }

  @Test func datasetsBesideVariablesAreCompared() throws {
    let found = try compare("beside_a.weights.h5", "beside_b.weights.h5")
    #expect(found.first.leftAside == ["/layers/conv2d/scale"])
    #expect(found.differingTensors.map(\.name) == ["/layers/conv2d/scale"])
  }

  /// Files with other vocabularies are not equal, however equal their tensors are.
  @Test(arguments: [
    ("plain", "words_a", ["assets/words.txt: only in B"]),
    ("words_a", "words_b", ["assets/words.txt: other bytes (4 and 4)"]),
    ("words_c", "words_a", ["notes/more.txt: only in A"]), ("words_a", "words_a", []),
  ])
  func whatIsPackedWithWeightsIsCompared(first: String, second: String, details: [String]) throws {
    let found = try compare("\(first).keras", "\(second).keras")
    #expect(found.facts.flatMap(\.details) == details)
    #expect(found.facts.allSatisfy { $0.fact == .members } && found.isEqual == details.isEmpty)
  }

  @Test func aLayerThatListsNothingOfItsWeightsIsAnError() throws {
    #expect {
      _ = try compare("lists.h5", "lists_none.h5")
    } throws: { error in
      "\(error)".contains("the layer 'second' lists no weights") && "\(error)".contains("2 datasets")
        && (error as? any ZooError)?.family == .malformed
    }
  }

  /// A weight of one file that the other has, and does not name among its weights.
  @Test func listsOfWeightsAreCompared() throws {
    let found = try compare("lists.h5", "lists_some.h5")
    #expect(found.tensors.allSatisfy(\.isEqual) && !found.isEqual)
    let fact = try #require(found.facts.first)
    #expect(fact.fact == .weightLists && fact.first == "4 weights" && fact.second == "3 weights")
    #expect(fact.details == ["/second/second/bias:0 is a weight in A and beside the weights in B"])
  }

  @Test(arguments: [
    ("linked", "/shortcut, a soft link"), ("linked_out", "/elsewhere, a link to another file"),
  ])
  func linksAreNamedAndNotFollowed(name: String, words: String) throws {
    let found = try compare("lists.h5", "\(name).h5")
    #expect(found.second.unread == [words] && !found.isEqual)
    #expect(found.differingTensors.isEmpty)
  }

  @Test(arguments: [
    ("lists_swapped.h5", "lists.h5", "layer 1 is second in A, first in B"),
    ("lists.h5", "lists_theano.h5", "backend: A tensorflow, B theano"),
    ("version.keras", "plain.keras", "written by: A 3.0.5, B 3."),
    (
      "plain.keras", "momentum.keras",
      "1 setting of layers that training alone heeds: A and B have norm: momentum 0.99 and 0.5"
    ),
  ])
  func whatChangesNoNumberIsNoted(first: String, second: String, words: String) throws {
    let found = try compare(first, second)
    #expect(found.notes.contains { $0.contains(words) }, "\(found.notes)")
    #expect(found.facts.isEmpty && found.differingTensors.isEmpty)
    #expect(try compare(first, first).notes.allSatisfy { !$0.contains("B") || $0.contains("not compared") })
  }

  /// Weights are compared where the graph cannot be followed; that it was not compared is said, and settings are held against each other.
  @Test func graphsThatCannotBeFollowedAreComparedBySettings() throws {
    let found = try compare("unheard_a.keras", "unheard_b.keras")
    #expect(found.tensors.count == 6 && found.tensors.allSatisfy(\.isEqual) && !found.isEqual)
    #expect(found.facts.map(\.fact) == [.settings])
    #expect(
      found.facts.first?.first == "norm: epsilon 0.001" && found.facts.first?.second == "norm: epsilon 0.01")
    #expect(found.notes.count { $0.contains("was not compared") && $0.contains("unheard_") } == 2)
    let same = try compare("unheard_a.keras", "unheard_a.keras")
    #expect(same.isEqual && same.notes.count { $0.contains("was not compared") } == 2)
    let classes = try compare("unheard_a.keras", "unheard_c.keras")
    #expect(classes.facts.map(\.fact) == [.settings])
    #expect(classes.facts[0].details.contains("pool: class_name Unheard and Unseen"))
  }
}
