import Foundation
import ModelZoo

func isSameNetwork(_ first: URL, _ second: URL) throws -> Bool {
  let found = try NetworkCatalog().compare(first, with: second)
  print(found.summary)
  for fact in found.facts { print(fact.fact.rawValue, fact.first, fact.second, fact.details) }
  for tensor in found.differingTensors { print(tensor.name, tensor.finding, tensor.values?.largest ?? 0) }
  return found.isEqual
}

func isRounded(_ archive: String, from source: String) throws -> Bool {
  let options = ComparisonOptions(tolerance: Tolerance(absolute: 0, relative: 1e-2), comparesFeatures: false)
  return try NetworkCatalog().compare(source, with: archive, options: options).isEqual
}

func compareInBackground(_ first: String, _ second: String) async throws -> WeightComparison {
  let job = try NetworkCatalog().startComparison(of: first, with: second)
  for await case .values(let done, let total) in job.events { print("\(100 * done / total) %") }
  return try await job.value
}
