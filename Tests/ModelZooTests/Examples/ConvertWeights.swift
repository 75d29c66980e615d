import Foundation
import ModelZoo

func fetch(to folder: URL) async throws -> FetchedFile {
  let weights = try NetworkCatalog().publishedWeights(of: "resnet50")
  let job = weights.start(to: folder.appending(path: weights.fileName).path)
  for await case .bytes(let done, let total?) in job.events { print("\(100 * done / total) %") }
  return try await job.value
}

func recognise(_ weightFile: URL) throws -> Recognition {
  let conversion = try NetworkCatalog().conversion(of: weightFile)
  let found = conversion.recognition
  print(found.title, found.graph ?? "its only graph", found.era)
  for reason in found.reasons { print("-", reason) }
  return found
}

func convert(_ weightFile: URL, to archive: URL) async throws -> ConversionReport {
  try await NetworkCatalog().convert(weightFile, to: archive) { done, total in
    print("\(100 * done / total) %")
  }
}

func check(_ archive: URL) throws -> Bool {
  let found = try ArchiveVerification(archive)
  print(found.verdict.rawValue, found.network ?? "no network", found.parameterCount)
  if let failure = found.failure { print(failure) }
  return found.isIntact
}

func describe(_ download: URL) throws {
  switch try NetworkCatalog().inspect(download).content {
  case .weights(let file, let recognition): print(file.layerCount, recognition.network, recognition.fits)
  case .archive(let archive, let model): print(archive.tensors.count, model?.labels ?? [])
  case .other(let kind, let explanation): print(kind, explanation)
  }
}

func convertProved(_ weightFile: String, to archive: String) throws -> ConversionProof {
  let catalog = try NetworkCatalog()
  let written = try catalog.writeProved(catalog.conversion(of: weightFile), to: archive)
  print(written.proof.tensorCount, written.proof.features.largestShare ?? 0)
  return written.proof
}

func convertAll(_ weightFiles: [String], into folder: String) async throws -> [String] {
  let job = try ConversionBatch(weightFiles, into: folder).start(with: NetworkCatalog())
  for await case .done(let result) in job.events { print(result.weightFile, result.failure ?? "converted") }
  return try await job.value.results.compactMap(\.report).map(\.archive)
}
