import Files
import Foundation
import HDF5
import HDF5Writing
import TestSupport
import Tensors
import Testing

@Suite struct WriterTests {
  /// The library tells of a full disk at great length.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskIsSaidInWords() {
    let error = #expect(throws: HDF5Error.self) {
      let writer = try HDF5Writer(path: "/dev/full", destination: "weights.h5")
      try writer.writeDataset([Float](repeating: 1, count: 1 << 16), shape: [1 << 16], at: "/values")
      try writer.close()
    }
    #expect(error?.description == "weights.h5: cannot be written: the disk is full; free some space")
  }
}

@Suite struct AttributeTests {
  let root: HDF5Group

  init() throws { root = try HDF5File(path: Repository.fixture("hdf5/attributes.h5")).root }

  @Test(arguments: [
    ("fixed", ["conv1_W_1:0", "conv1_b_1:0"]), ("padded", ["a", "longer"]), ("spaces", ["ab", "abcdef"]),
    ("variable_ascii", ["conv1/kernel:0", "b"]), ("variable_utf8", ["größe", ""]),
    ("scalar_variable", ["2.2.4"]), ("scalar_bytes", ["tensorflow"]), ("scalar_numpy_bytes", ["2.0.0"]),
    ("empty", []), ("null", []),
  ])
  func readsStringsOfEveryKind(name: String, expected: [String]) throws {
    #expect(try root.strings(name) == expected)
  }

  @Test func tellsNothingFromEmpty() throws {
    #expect(try root.strings("absent") == nil)
    #expect(try root.attribute("absent") == nil)
    #expect(try root.attribute("empty") == HDF5AttributeInfo(content: .float, count: 0))
    #expect(try root.attribute("fixed") == HDF5AttributeInfo(content: .fixedStrings(size: 11), count: 2))
    #expect(try root.attribute("variable_utf8") == HDF5AttributeInfo(content: .variableStrings, count: 2))
    #expect(root.hasAttribute("spaces"))
  }

  @Test func refusesNumbersAsStrings() throws {
    let error = #expect(throws: HDF5Error.self) { try root.strings("number") }
    #expect(error?.family == .mismatch)
  }

  @Test func goesThroughNestedGroups() throws {
    #expect(try root.childNames() == ["fire2"])
    #expect(root.kind(of: "fire2/squeeze1x1") == .group)
    #expect(root.kind(of: "fire2/squeeze1x1/kernel:0") == .dataset)
    #expect(try root.group("/fire2/squeeze1x1").dataset("kernel:0").shape == [2, 3, 4])
    #expect(try root.dataset("fire2//squeeze1x1/kernel:0").path == "/fire2/squeeze1x1/kernel:0")
  }

  @Test func namesWhatIsMissing() throws {
    let error = #expect(throws: HDF5Error.self) { try root.dataset("fire2/squeeze1x1/bias:0") }
    #expect(error?.family == .missing)
    #expect(error?.description.hasSuffix("attributes.h5 /fire2/squeeze1x1: no 'bias:0'") == true)
    #expect(throws: HDF5Error.self) { try root.group("fire2/squeeze1x1/kernel:0") }
    #expect(throws: HDF5Error.self) { try root.dataset("fire2") }
    #expect(throws: HDF5Error.self) { try root.dataset("fire2/squeeze1x1/kernel:0/deeper") }
  }
}

@Suite struct DatasetTests {
  static let ramp = (0..<24).map(Float.init)
  let root: HDF5Group

  init() throws { root = try HDF5File(path: Repository.fixture("hdf5/datasets.h5")).root }

  private func floats(_ name: String) throws -> [Float]? {
    let dataset = try root.dataset(name)
    let storage = HeapStorage(copying: try dataset.bytes())
    return TensorView(
      shape: dataset.shape, scalarType: dataset.scalarType, storage: storage, range: 0..<dataset.byteCount)?
      .floats()
  }

  @Test(arguments: [
    ("float32", ScalarType.float32), ("big_endian", .float32), ("float64", .float64), ("float16", .float16),
    ("big_endian16", .float16), ("chunked", .float32), ("deflate", .float32), ("compact", .float32),
  ])
  func readsEveryLayoutAndFloat(name: String, type: ScalarType) throws {
    #expect(try root.dataset(name).scalarType == type)
    #expect(try root.dataset(name).shape == [2, 3, 4])
    #expect(try floats(name) == Self.ramp)
  }

  @Test func readsScalarsAndEmptyOnes() throws {
    #expect(try floats("scalar") == [2.5])
    #expect(try floats("empty") == [])
    #expect(try root.dataset("int64").scalarType == .int64)
  }

  @Test func saysHowElementsLie() throws {
    guard case .contiguous(let offset) = try root.dataset("float32").storage else {
      Issue.record("not contiguous")
      return
    }
    #expect(offset > 96)
    #expect(try root.dataset("compact").storage == .compact)
    #expect(
      try root.dataset("deflate").storage
        == .chunked(extents: [2, 3, 4], filters: ["shuffle", "deflate", "fletcher32"]))
  }

  @Test func refusesABufferOfAnotherSize() throws {
    var small = [UInt8](repeating: 0, count: 95)
    #expect(throws: HDF5Error.self) {
      try unsafe small.withUnsafeMutableBytes { bytes in
        var span = unsafe MutableRawSpan(_unsafeBytes: bytes)
        try root.dataset("float32").read(into: &span)
      }
    }
  }

  @Test func refusesFiltersAndTypesItDoesNotKnow() throws {
    #expect(throws: HDF5Error.self) { try root.dataset("lzf") }
    let error = #expect(throws: HDF5Error.self) { try root.dataset("text") }
    #expect(error?.family == .mismatch)
  }

  @Test(arguments: ["earliest", "latest"])
  func readsOldAndNewSuperblocks(version: String) throws {
    let path = Repository.fixture("hdf5/superblock_\(version).h5")
    let file = try HDF5File(path: path)
    #expect(try FileFacts(path: path).kind == .hdf5(promised: file.byteCount))
    #expect(try file.root.dataset("values").shape == [2, 3, 4])
  }

  @Test func worksFromSeveralThreads() async throws {
    let root = root
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<8 { group.addTask { try root.dataset("deflate").bytes() } }
      for try await bytes in group { #expect(try bytes == root.dataset("float32").bytes()) }
    }
  }
}
