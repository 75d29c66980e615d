import CLI
import Foundation
import TensorArchive
import Testing

@Suite struct VersionTests {
  @Test func machinesReadEveryVersion() throws {
    let facts = try JSONDecoder().decode(
      [String: String].self, from: Data(Outcome("version --json").output.utf8))
    #expect(facts["zoo"] == Release.version)
    #expect(facts["archiveFormat"]?.wholeMatch(of: /\d+\.\d+/) != nil)
    #expect(["avx512", "avx2", "neon", "baseline"].contains(facts["kernels"]))
    for library in ["hdf5", "zlib", "libjpeg", "libpng", "libtiff", "libwebp"] {
      #expect(facts[library]?.prefixMatch(of: /\d+\.\d+/) != nil, "\(library): \(facts[library] ?? "absent")")
    }
    #expect(facts.count == 9)
  }

  @Test func peopleReadOneALine() {
    let lines = Outcome("version").output.split(separator: "\n")
    #expect(lines.first == "zoo \(Release.version)")
    #expect(lines.count == 9)
  }
}
