import Foundation
import ModelZoo
import TestSupport
import Testing

/// An archive is kept only where it was shown to be what was read.
@Suite struct ConversionProofTests {
  private let catalog: NetworkCatalog

  init() throws { catalog = try NetworkCatalog() }

  /// The graph that a file describes and that of the catalog, or of the archive, give the same bits.
  @Test(
    arguments: [
      ("changed-graph/with_top.h5", 12), ("keras-forms/classifier-2.13.keras", 21),
      ("keras-forms/classifier-3.15.h5.gz", 21), ("ends/embedding.keras.gz", nil),
      ("whole-models/caffe.h5", 11),
    ] as [(String, Int?)])
  func wholeModelsAreProvedByTheirOwnGraph(fixture: String, tensors: Int?) throws {
    try withTemporaryFolder { folder in
      let archive = "\(folder.path)/a"
      let conversion = try catalog.conversion(of: Repository.fixture(fixture))
      var read = 0
      let written = try catalog.writeProved(conversion, to: archive) { read += $0 }
      #expect(written.proof.comparesOwnGraph && written.proof.features.largestShare == 0)
      #expect(written.proof.tensorCount == conversion.recognition.tensorCount)
      #expect(tensors == nil || written.proof.tensorCount == tensors)
      #expect(read >= 3 * conversion.recognition.valueCount)
      #expect(ArchiveVerification(archive).verdict == .intact)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
    }
  }

  @Test(arguments: [nil, ScalarType.float16, .bfloat16])
  func weightsAloneAreProved(type: ScalarType?) throws {
    try withTemporaryFolder { folder in
      let (weights, archive) = ("\(folder.path)/w", "\(folder.path)/a")
      try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: weights)
      let conversion = try catalog.conversion(of: weights, options: ConversionOptions(scalarType: type))
      let proof = try catalog.writeProved(conversion, to: archive).proof
      #expect(proof.tensorCount == 50 && proof.valueCount == 722_496 && !proof.comparesOwnGraph)
      #expect(proof.features.largestShare == 0)
    }
  }

  /// What was read first and what is read again are two files: the second is another one by then.
  @Test func whatIsNotProvedIsRemoved() throws {
    try withTemporaryFolder { folder in
      let path = { (name: String) in folder.appending(path: name).path }
      for (name, seed) in [("1", UInt64(1)), ("2", 2)] {
        try catalog.syntheticWeights(of: "squeezenet", seed: seed).write(to: path(name))
      }
      let files = FileManager.default
      try files.createSymbolicLink(atPath: path("w"), withDestinationPath: path("1"))
      try Data("before".utf8).write(to: folder.appending(path: "a"))
      var isFirst = true
      let error = #expect(throws: ConversionError.self) {
        try catalog.writeProved(catalog.conversion(of: path("w")), to: path("a")) { _ in
          guard isFirst else { return }
          isFirst = false
          try files.removeItem(atPath: path("w"))
          try files.createSymbolicLink(atPath: path("w"), withDestinationPath: path("2"))
        }
      }
      guard case .notProved(path("w"), path("a"), let differences) = error else {
        Issue.record("\(error?.description ?? "nothing is thrown")")
        return
      }
      #expect(differences.count == 51 && differences[0] == "conv1/kernel: with other values")
      #expect(error?.family == .mismatch && error?.description.contains("and 46 more") == true)
      #expect(try String(contentsOfFile: path("a"), encoding: .utf8) == "before")
      #expect(try files.contentsOfDirectory(atPath: folder.path).sorted() == ["1", "2", "a", "w"])
    }
  }

  @Test func stopsWhenToldTo() throws {
    try withTemporaryFolder { folder in
      let (weights, archive) = ("\(folder.path)/w", "\(folder.path)/a")
      try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: weights)
      var values = 0
      #expect(throws: CancellationError.self) {
        try catalog.writeProved(catalog.conversion(of: weights), to: archive) { count in
          values += count
          if values > 722_496 { throw CancellationError() }
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["w"])
    }
  }
}
