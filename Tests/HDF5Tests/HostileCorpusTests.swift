import Foundation
import HDF5
import TestSupport
import Testing

/// The files that broke libhdf5: a typed error, or what the file they were made from says.
@Suite(.enabled(if: SharedFiles.arePresent, "\(SharedFiles.message)"))
struct HostileCorpusTests {
  private func snapshot(_ name: String) throws -> [String] {
    try Snapshot(HDF5File(path: SharedFiles.path("cases/hostile/\(name)")).root).lines
  }

  @Test(arguments: [
    ("vlen_overflow_64k.h5", "bytes where 2 are promised"), ("vlen_index.h5", "it has no object"),
    ("chunk_short_mask.h5", "a chunk of 432 bytes has 8"), ("deflate_short.h5", "a chunk of 432 bytes has"),
    ("deflate_bomb.h5", "unpacks to more than 432 bytes"), ("vlen_claim_2g.h5", "are promised"),
    ("vlen_amplify.h5", "read in all"),
  ])
  func isRefusedInWords(name: String, words: String) throws {
    let file = try HDF5File(path: SharedFiles.path("cases/hostile/\(name)"))
    let error = #expect(throws: HDF5Error.self) {
      for layer in try file.root.childNames() { _ = try file.root.group(layer).strings("weight_names") }
      _ = try file.root.strings("layer_names")
      _ = try file.root.dataset("c1/c1/kernel").bytes()
    }
    #expect(error?.family == .malformed)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  /// A type that only looks like IEEE's is none of ours.
  @Test func numbersOfAnotherBiasAreNotRead() throws {
    let root = try HDF5File(path: SharedFiles.path("cases/hostile/dt_f16_bias.h5")).root
    let error = #expect(throws: HDF5Error.self) { try root.dataset("c1/c1/kernel") }
    #expect(error?.family == .mismatch)
  }

  /// The two have the same tensors, and strings of two kinds.
  @Test func aBlockInFrontChangesNothing() throws {
    let tensors = try snapshot("userblock.h5").filter { $0.contains("] float32 ") }
    #expect(tensors.count == 8)
    #expect(try tensors == snapshot("tiny.h5").filter { $0.contains("] float32 ") })
  }

  @Test(arguments: ["gcol_reserved.h5", "gcol_reserved2.h5"])
  func heapsThatNeverEndAreRefused(name: String) throws {
    let root = try HDF5File(path: SharedFiles.path("cases/hostile/\(name)")).root
    let error = #expect(throws: HDF5Error.self) { try root.strings("layer_names") }
    #expect(error?.family == .malformed)
  }

  @Test func flippedBytesGiveErrorsOrTheSame() throws {
    let folder = try SharedFiles.path("cases/hostile/flips")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count == 10)
    let before = try Snapshot(HDF5File(path: SharedFiles.path("cases/hostile/tiny.h5")).root)
    for name in names {
      guard let file = try? HDF5File(path: SharedFiles.path("cases/hostile/flips/\(name)")),
        let now = try? Snapshot(file.root)
      else { continue }
      #expect(now.difference(from: before) == nil, "\(name)")
    }
  }
}
