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

@Suite struct OtherFileTests {
  /// Whoever reads from a pipe waits, and `/dev/zero` never ends.
  @Test func neverWaitsForAPipeOrADevice() throws {
    try withTemporaryFolder { folder in
      let pipe = folder.appending(path: "weights.h5").path
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      for path in [pipe, "/dev/zero"] {
        let error = #expect(throws: HDF5Error.self) { try HDF5File(path: path) }
        #expect(error?.description.contains("it is a device or a pipe, not a file") == true)
      }
    }
  }

  /// A user's block may stand before the file; the archive in which a file lies is no such block.
  @Test func opensBehindAUsersBlockAndNotInsideAnArchive() throws {
    let file = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Repository.fixture("hdf5/datasets.h5"))))
    let names = try HDF5File(bytes: file, name: "plain").root.childNames()
    for byteCount in [512, 1024, 4096] {
      let note = Array("A note.".utf8) + [UInt8](repeating: 0, count: byteCount - 7)
      #expect(try HDF5File(bytes: note + file, name: "behind a note").root.childNames() == names)
      let zip = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: byteCount - 4)
      let error = #expect(throws: HDF5Error.self) { try HDF5File(bytes: zip + file, name: "inside") }
      #expect(error?.description.hasPrefix("inside: not an HDF5 file: a zip archive of ") == true)
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
        "cut short: expected 94,653,016 bytes, found 1,048,576; the download is incomplete")
        == true)
  }
}
