import Foundation
import ModelZoo

func addNetwork(architecture: URL, to folder: URL) throws -> CatalogNetwork {
  let facts = EntryFacts(preprocessing: .tf, identifier: "tiny_net", title: "Tiny Net", licence: "MIT")
  let draft = try DraftedEntry(fromKeras: architecture, facts)
  for problem in draft.problems(in: "model.json") { print(problem) }
  try draft.write(to: folder.appending(path: "tiny_net/model.json"))
  let catalog = try NetworkCatalog(adding: [folder])
  let check = try catalog.check("tiny_net")
  print(check.graphCount, check.problems)
  return try catalog.network("tiny_net")
}
