import Foundation
import ModelZoo
import TestSupport
import Testing

/// Many files, one folder.
@Suite struct ConversionBatchTests {
  private let catalog: NetworkCatalog

  init() throws { catalog = try NetworkCatalog() }

  @Test func archivesAreNamedAfterFiles() throws {
    let names = [
      "a/net.h5", "b.weights.h5", "c.weights.h5.gz", "d.keras", "e.tar.pth", "F.HDF5", "g", ".h5", "h.x.npz",
      "i.zoo.safetensors", "j.safetensors", "k.weights.json", "l.zip", "m.gz.h5",
    ]
    let batch = try ConversionBatch(names, into: "out")
    #expect(
      batch.items.map(\.archive)
        == [
          "net", "b", "c", "d", "e.tar", "F", "g", ".h5", "h.x", "i", "j", "k", "l", "m.gz",
        ].map { "out/\($0).zoo.safetensors" })
    #expect(try ConversionBatch(["a.h5"], into: "out/").items[0].archive == "out/a.zoo.safetensors")
    for pair in [["a/net.h5", "b/net.keras"], ["net.h5", "NET.h5"]] {
      #expect(throws: ModelZooError.self) { try ConversionBatch(pair, into: "out") }
    }
  }

  @Test func whatFailsIsSaidAndTheRestIsConverted() throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: path("w.h5"))
      let files = [
        Repository.fixture("comparison/make.py"), path("w.h5"), path("nothing.h5"),
        Repository.fixture("changed-graph/with_top.h5"),
      ]
      var events = 0
      let report = try ConversionBatch(files, into: path("deep/out")).run(with: catalog, isProved: true) {
        if case .done = $0 { events += 1 }
      }
      #expect(events == 4 && report.results.map(\.weightFile) == files)
      #expect(report.failures.map(\.weightFile) == [files[0], files[2]])
      #expect(report.failures.map(\.failure?.family) == [.malformed, .missing])
      #expect(report.results.map { $0.report?.recognition.tensorCount } == [nil, 50, nil, 12])
      #expect(report.results.map { $0.proof?.tensorCount } == [nil, 50, nil, 12])
      let found = try FileManager.default.contentsOfDirectory(atPath: path("deep/out")).sorted()
      #expect(found == ["w.zoo.safetensors", "with_top.zoo.safetensors"])
      for name in found { #expect(ArchiveVerification(path("deep/out/" + name)).isIntact) }
    }
  }

  /// A file is never replaced by the archive of one.
  @Test func filesAreNoOutputs() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "w.zoo.safetensors").path
      try Data("x".utf8).write(to: URL(fileURLWithPath: file))
      #expect(throws: FileError.isInput(path: file, input: file)) {
        try ConversionBatch([file], into: folder.path)
      }
      #expect(throws: FileError.isInput(path: file, input: file)) {
        try ConversionBatch(["w.keras"], into: folder.path, reading: [file])
      }
    }
  }

  @Test func stopsBetweenAndWithinFiles() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "batch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = { (name: String) in folder.appending(path: name).path }
    for name in ["1.h5", "2.h5"] {
      try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: path(name))
    }
    let batch = try ConversionBatch([path("1.h5"), path("2.h5")], into: path("out"))
    #expect(throws: CancellationError.self) {
      var isSecond = false
      _ = try batch.run(with: catalog) { event in
        if case .file(1, _) = event { isSecond = true }
        if case .values = event, isSecond { throw CancellationError() }
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: path("out")) == ["1.zoo.safetensors"])
    let job = batch.start(with: catalog)
    let report = try await job.value
    #expect(report.failures.isEmpty && report.results.count == 2)
  }
}
