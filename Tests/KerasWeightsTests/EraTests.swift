import Catalog
import Foundation
import KerasWeights
import TensorArchive
import TestSupport
import Testing
import WeightConversion

/// A folder of full-size files, one per era and all of one seed, when `ZOO_ERA_FOLDER` names it:
/// `<entry>@<era>.h5`.
private let eraFiles: [String] = {
  guard let folder = ProcessInfo.processInfo.environment["ZOO_ERA_FOLDER"] else { return [] }
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasSuffix(".h5") }.sorted().map { "\(folder)/\($0)" }
}()

@Suite(.serialized) struct EraTests {
  /// Archives of one entry hold the same tensors, whatever era their files came from.
  @Test(.enabled(if: !eraFiles.isEmpty, "set ZOO_ERA_FOLDER to a folder of <entry>@<era>.h5"))
  func archivesOfAllErasAreEqual() throws {
    let targets = try ConversionTargets(.embedded)
    try withTemporaryFolder { folder in
      var first: [String: String] = [:]
      for path in eraFiles {
        let output = folder.appending(path: "\(first.count)-\(UUID().uuidString)").path
        let conversion = try Conversion(
          path: path, targets: targets)
        let report = try conversion.write(to: output)
        let recognition = report.recognition
        let file = URL(fileURLWithPath: path).lastPathComponent
        let archive = try Archive(contentsOf: output)
        let entry = recognition.target.identifier
        #expect(Set(archive.names) == Set(recognition.target.parameters.map(\.name)))
        if let other = first[entry] {
          try expectEqual(archive, try Archive(contentsOf: other), file)
          try FileManager.default.removeItem(atPath: output)
        } else {
          first[entry] = output
        }
      }
    }
  }

  private func expectEqual(_ one: Archive, _ other: Archive, _ file: String) throws {
    #expect(one.names == other.names, "\(file)")
    for name in one.names {
      let equal = try one.tensor(named: name).withBytes { left in
        try other.tensor(named: name).withBytes { right in
          unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { unsafe $0.elementsEqual(left) }
          }
        }
      }
      #expect(equal, "\(file): \(name)")
    }
  }
}
