import Foundation
import HDF5
import TestSupport
import Tensors
import Testing

@Suite struct HostileFileTests {
  private func root() throws -> HDF5Group { try HDF5File(path: Repository.fixture("hdf5/hostile.h5")).root }

  @Test(arguments: [
    ("soft", "a soft link"), ("dangling", "a soft link"), ("elsewhere", "a link to another file"),
    ("external", "in other files"), ("virtual", "in other files"),
  ])
  func followsNothingOutside(name: String, words: String) throws {
    let error = #expect(throws: HDF5Error.self) { try root().dataset(name) }
    #expect(error?.family == .unsupported)
    #expect(error?.description.contains(words) == true)
  }

  @Test(arguments: ["unwritten", "sparse", "lopsided"])
  func refusesMoreElementsThanTheFileCanHold(name: String) throws {
    let error = #expect(throws: HDF5Error.self) { try root().dataset(name) }
    #expect(error?.family == .malformed)
  }

  @Test func unpacksWhatDeflateCanReallyHold() throws {
    #expect(try root().dataset("bomb").bytes() == [UInt8](repeating: 0, count: 2 << 20))
  }

  @Test func survivesCycles() throws {
    let root = try root()
    #expect(try root.dataset("cycle/again/cycle/again/real").shape == [2, 3, 4])
    let endless = String(repeating: "cycle/again/", count: 40) + "real"
    let error = #expect(throws: HDF5Error.self) { try root.dataset(endless) }
    #expect(error?.description.contains("groups inside groups") == true)
  }

  @Test func refusesEndlessNames() throws {
    #expect(throws: HDF5Error.self) { try root().dataset(String(repeating: "x", count: 5000)) }
  }
}

@Suite struct FileSignatureTests {
  private func kind(_ bytes: [UInt8]) throws -> FileSignature {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "file")
      try Data(bytes).write(to: file)
      return try FileSignature(path: file.path)
    }
  }

  @Test func knowsWhatIsNotAWeightFile() throws {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:fb1dd801\nsize 87596580\n"
    let found = try kind(Array(pointer.utf8))
    #expect(found.kind == .gitLFSPointer(oid: "sha256:fb1dd801", size: 87_596_580))
    #expect(found.explanation.contains("87,596,580 bytes"))
    #expect(found.explanation.contains("sha256:fb1dd801"))
    #expect(try kind(Array("\n <!DOCTYPE html><html>".utf8)).kind == .html)
    #expect(try kind([0x50, 0x4B, 3, 4] + Array("....metadata.json".utf8)).kind == .zip(isKeras: true))
    #expect(try kind([0x50, 0x4B, 3, 4, 0, 0]).kind == .zip(isKeras: false))
    #expect(try kind([0x1F, 0x8B, 8]).kind == .gzip)
    #expect(try kind([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)).kind == .safetensors(headerByteCount: 2))
    #expect(try kind(Array("{\"a\": 1}".utf8)).kind == .json)
    #expect(try kind(Array("Not found\nreally".utf8)).kind == .text(firstLine: "Not found"))
    #expect(try kind([]).kind == .empty)
    #expect(try kind([0, 1, 2, 3]).kind == .unknown(firstBytes: [0, 1, 2, 3]))
  }

  @Test func knowsFoldersAndMissingFiles() throws {
    #expect(try FileSignature(path: Repository.root.path).kind == .directory)
    let error = #expect(throws: HDF5Error.self) { try FileSignature(path: "/nowhere/weights.h5") }
    #expect(error?.family == .missing)
  }

  /// Whoever reads from a pipe waits, and `/dev/zero` never ends.
  @Test func neverWaitsForAPipeOrADevice() throws {
    try withTemporaryFolder { folder in
      let pipe = folder.appending(path: "weights.h5").path
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      for path in [pipe, "/dev/zero"] {
        let error = #expect(throws: HDF5Error.self) { try FileSignature(path: path) }
        #expect(error?.description.contains("it is a device or a pipe, not a file") == true)
      }
    }
  }

  @Test func tellsFoldersAndPagesWhenAskedToOpenThem() throws {
    let error = #expect(throws: HDF5Error.self) { try HDF5File(path: Repository.root.path) }
    #expect(error?.description.contains("a folder") == true)
  }

  @Test(.enabled(if: SharedFiles.arePresent, "\(SharedFiles.message)"))
  func countsTheMissingBytesOfARealDownload() throws {
    let path = try SharedFiles.path(
      "weights/resnet50_weights_tf_dim_ordering_tf_kernels_notop.first-MiB.h5")
    let error = #expect(throws: HDF5Error.self) { try HDF5File(path: path) }
    #expect(error == .truncated(path: path, promised: 94_653_016, found: 1_048_576))
    #expect(
      error?.description.contains(
        "the file says 94,653,016 bytes, 1,048,576 are here: the download is incomplete")
        == true)
  }
}
