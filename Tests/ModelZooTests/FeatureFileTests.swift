import Errors
import Foundation
import TestSupport
import Testing

import ModelZoo

/// The golden files are ours; `Tests/Fixtures/feature-files/check.py` proves that NumPy and Python's safetensors
/// read from them what these tests wrote.
struct FeatureFileTests {
  private let candidates = FeatureRows(
    files: ["cats/im 1.jpg", "cats/broken.jpg", "dogs/\"quoted\",ü.png", "dogs/im2.jpg"],
    labels: [0, 0, 1, 1], classNames: ["cats", "dogs"])
  private let kept = [0, 2, 3]

  private func rows(_ append: ([Float]) throws -> Void) throws -> FeatureRows {
    try append([0, -1.5, 3.25, 1e-30, 65504, -0.0])
    try append([7, 8, 9, 10, 11, 12])
    try append([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    return candidates.keeping(kept)
  }

  private func check(_ name: String, golden: [String], labelled: Bool = true) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: name).path
      let candidates = labelled ? candidates : FeatureRows(files: candidates.files)
      let columns = [FeatureColumn(shape: [1, 2, 3])]
      try FeatureFile.format(of: path).write(to: path, columns: columns, candidates: candidates) { append in
        let rows = try rows { try append([$0]) }
        return labelled ? rows : FeatureRows(files: rows.files)
      }
      for suffix in golden {
        let found = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
        let wanted = URL(fileURLWithPath: Repository.fixture("feature-files/\(name)\(suffix)"))
        if Repository.updatesGoldenFiles { try found.write(to: wanted) }
        #expect(try found == Data(contentsOf: wanted), "\(name)\(suffix)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == golden.count)
    }
  }

  @Test func numPyArrayAndTableBeside() throws { try check("features.npy", golden: ["", ".csv"]) }

  @Test func tableWithoutClasses() throws {
    try check("unlabelled.npy", golden: ["", ".csv"], labelled: false)
  }

  @Test func safetensorsWithNamesInside() throws { try check("features.safetensors", golden: [""]) }

  @Test func safetensorsWithoutClasses() throws {
    try check("unlabelled.safetensors", golden: [""], labelled: false)
  }

  @Test func nothingIsLeftBehindOnAnError() throws {
    try withTemporaryFolder { folder in
      for name in ["a.npy", "a.safetensors"] {
        let path = folder.appending(path: name).path
        #expect(throws: DatasetError.noImages(place: "here")) {
          let columns = [FeatureColumn(shape: [1])]
          try FeatureFile.format(of: path).write(to: path, columns: columns, candidates: candidates) {
            append in
            try append([[1]])
            throw DatasetError.noImages(place: "here")
          }
        }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.isEmpty)
    }
  }

  @Test func aTensorALayer() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "taps.safetensors").path
      let columns = [FeatureColumn(name: "b/out", shape: [3]), FeatureColumn(name: "a", shape: [1, 2])]
      try FeatureFile.format(of: path).write(to: path, columns: columns, candidates: candidates) { append in
        try append([[1, 2, 3], [-1, -2]])
        try append([[4, 5, 6, 7, 8, 9], [-3, -4, -5, -6]])
        return candidates.keeping(kept)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taps.safetensors"])
      let first = try FeatureTable(contentsOf: path, layer: "b/out")
      #expect(first.features == Tensor(shape: [3, 3], scalars: [1, 2, 3, 4, 5, 6, 7, 8, 9]))
      #expect(first.rows == candidates.keeping(kept))
      let second = try FeatureTable(contentsOf: path, layer: "a")
      #expect(second.features == Tensor(shape: [3, 1, 2], scalars: [-1, -2, -3, -4, -5, -6]))
      #expect(throws: FeatureFileError.severalTensors(path: path, found: ["a", "b/out"])) {
        try FeatureTable(contentsOf: path)
      }
      #expect(throws: FeatureFileError.noSuchTensor(path: path, name: "c", found: ["a", "b/out"])) {
        try FeatureTable(contentsOf: path, layer: "c")
      }
    }
  }

  @Test func columnsThatAFileCannotHoldAreRefused() throws {
    let columns = ["a", "labels"].map { FeatureColumn(name: $0, shape: [1]) }
    #expect(throws: FeatureFileError.oneTensorOnly(path: "f.npy", found: ["a", "labels"])) {
      try FeatureFile.format(of: "f.npy").check(columns, path: "f.npy")
    }
    #expect(throws: FeatureFileError.reservedName(path: "f.safetensors", name: "labels")) {
      try FeatureFile.format(of: "f.safetensors").check(columns, path: "f.safetensors")
    }
  }

  @Test func theEndingDecides() throws {
    #expect(throws: FeatureFileError.unknownEnding(path: "a.csv")) { try FeatureFile.format(of: "a.csv") }
  }

  @Test func headersAreAlignedAndRefuseTooManyAxes() throws {
    let header = try #require(NumPyHeader.bytes(shape: [3, 1, 2, 3]))
    #expect(header.count.isMultiple(of: 64))
    #expect(NumPyHeader.bytes(shape: [Int](repeating: 1_000_000, count: 32)) == nil)
  }

  @Test(arguments: ["features.npy", "features.safetensors"])
  func whatWasWrittenIsRead(name: String) throws {
    let table = try FeatureTable(contentsOf: Repository.fixture("feature-files/\(name)"))
    #expect(table.features.shape == [3, 1, 2, 3])
    #expect(table.features.scalars.prefix(6) == [0, -1.5, 3.25, 1e-30, 65504, -0.0])
    #expect(table.features.scalars.suffix(2) == [0.5, 0.6])
    #expect(table.rows == candidates.keeping(kept))
  }

  @Test(arguments: ["unlabelled.npy", "unlabelled.safetensors"])
  func whatHasNoLabelsIsRead(name: String) throws {
    let table = try FeatureTable(contentsOf: Repository.fixture("feature-files/\(name)"))
    #expect(table.rows == FeatureRows(files: candidates.keeping(kept).files))
  }

  @Test func anArrayWithoutATableHasNumberedRows() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npy").path
      try FileManager.default.copyItem(atPath: Repository.fixture("feature-files/features.npy"), toPath: path)
      #expect(try FeatureTable(contentsOf: path).rows.files == ["row 0", "row 1", "row 2"])
    }
  }

  @Test(arguments: ["features.npy", "features.safetensors"])
  func everyTruncationIsRefused(name: String) throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("feature-files/\(name)")))
    try withTemporaryFolder { folder in
      let path = folder.appending(path: name).path
      for count in 0..<whole.count {
        try whole.prefix(count).write(to: URL(fileURLWithPath: path))
        #expect(performing: { try FeatureTable(contentsOf: path) }, throws: { $0 is any ZooError })
      }
    }
  }

  @Test(arguments: [
    "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1), }",
    "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 9000000000000), }", "{}", "",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1, (1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0 1, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': 1, 1, }",
  ])
  func arraysOfOtherKindsAreRefused(header: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npy").path
      let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      try Data(bytes + [0, 0, 0, 0]).write(to: URL(fileURLWithPath: path))
      #expect(throws: FeatureFileError.self) { try FeatureTable(contentsOf: path) }
    }
  }

  /// What the file says of itself that cannot be, and what would be right.
  @Test(arguments: [
    (
      "\"labels\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[8,24]}", "[\"x\"]", [0, 1],
      "found the label 1"
    ),
    (
      "\"labels\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[8,24]}", "[]", [0, 1],
      "found labels without names"
    ),
    (
      "\"labels\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]}", "[\"x\"]", [0],
      "found 2 names and 1 label"
    ),
    (
      "\"skipped\":{\"dtype\":\"I64\",\"shape\":[1,2],\"data_offsets\":[8,24]}", "[\"x\"]", [7, 0],
      "found (1, 2): 7, 0"
    ),
    (
      "\"skipped\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[8,24]}", "[\"x\"]", [1, 0],
      "found (2,): 1, 0"
    ),
  ])
  func filesThatLieSayWhatIsExpected(tensor: String, classes: String, values: [Int64], found: String) throws {
    try withTemporaryFolder { folder in
      let names =
        "\"__metadata__\":{\"files\":\"[\\\"a\\\",\\\"b\\\"]\",\"class_names\":\"\(classes.replacing("\"", with: "\\\""))\"}"
      let header =
        "{\(names),\"features\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},\(tensor)}"
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      let numbers = values.flatMap { value in
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
      }
      let url = folder.appending(path: "a.safetensors")
      try Data(length + Array(header.utf8) + [UInt8](repeating: 0, count: 8) + numbers).write(to: url)
      let error = #expect(throws: FeatureFileError.self) { try FeatureSet(contentsOf: url.path) }
      #expect(error?.description.contains(found) == true, "\(String(describing: error))")
    }
  }

  /// Nothing in a file bounds how many of them there could be.
  @Test(arguments: ["4611686018427387904", "66792140173563"]) func rowsWithoutNumbersAreRefused(count: String)
    throws
  {
    try withTemporaryFolder { folder in
      let array = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(count), 0, 3), }"
      let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(array.utf8.count), 0] + Array(array.utf8)
      try Data(bytes).write(to: folder.appending(path: "a.npy"))
      let header = "{\"features\":{\"dtype\":\"F32\",\"shape\":[\(count),0,3],\"data_offsets\":[0,0]}}"
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      try Data(length + Array(header.utf8)).write(to: folder.appending(path: "a.safetensors"))
      for name in ["a.npy", "a.safetensors"] {
        #expect(
          performing: { try FeatureTable(contentsOf: folder.appending(path: name)) },
          throws: { $0 is any ZooError })
      }
    }
  }

  /// One label of two classes, or two labels of one.
  @Test(arguments: [
    ("a,0,x\r\nb,1,y\r\nc,0,z\r\n", "the label 0 for the class x and for the class z"),
    ("a,0,x\r\nb,1,y\r\nc,2,x\r\n", "the labels 0 and 2 for the class x"),
  ])
  func labelsThatContradictOneAnotherAreRefused(lines: String, found: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npy").path
      try FileManager.default.copyItem(atPath: Repository.fixture("feature-files/features.npy"), toPath: path)
      let header = "file,label,class\r\n"
      try (header + "a,0,x\r\nb,1,y\r\nc,0,x\r\n").write(
        toFile: path + ".csv", atomically: true, encoding: .utf8)
      #expect(try FeatureTable(contentsOf: path).rows.classNames == ["x", "y"])
      try (header + lines).write(toFile: path + ".csv", atomically: true, encoding: .utf8)
      let error = #expect(throws: FeatureFileError.self) { try FeatureTable(contentsOf: path) }
      #expect(error?.family == .malformed && error?.description.contains(found) == true)
    }
  }

  @Test(arguments: [
    "", "file\r\na\r\n", "file,label,class\r\na,0,x\r\nb,-1,y\r\nc,1,z\r\n", "file\r\n\"a\r\nb\r\nc\r\n",
    "file,label,class\r\na,0,x\r\nb,9999999,y\r\nc,1,z\r\n", "name\r\na\r\nb\r\nc\r\n",
  ])
  func tablesThatDoNotFitAreRefused(table: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.npy").path
      try FileManager.default.copyItem(atPath: Repository.fixture("feature-files/features.npy"), toPath: path)
      try table.write(toFile: path + ".csv", atomically: true, encoding: .utf8)
      #expect(throws: FeatureFileError.self) { try FeatureTable(contentsOf: path) }
    }
  }
}
