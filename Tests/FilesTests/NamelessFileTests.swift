import Files
import Foundation
import TestSupport
import Testing

@Suite struct NamelessFileTests {
  @Test func bytesComeBackAndNothingIsLeft() throws {
    try withTemporaryFolder { folder in
      let file = try NamelessFile(beside: folder.appending(path: "rows").path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
      try [1, 2, 3].withRawSpan { try file.append($0) }
      try [4, 5].withRawSpan { try file.append($0) }
      #expect(file.byteCount == 5)
      var found = [UInt8](repeating: 0, count: 3)
      #expect(try found.withMutableRawSpan { bytes throws(SystemError) in try file.fill(&bytes, at: 1) })
      #expect(found == [2, 3, 4])
      #expect(try !found.withMutableRawSpan { bytes throws(SystemError) in try file.fill(&bytes, at: 3) })
    }
  }

  @Test func aFolderThatIsMissingIsSaid() {
    #expect(throws: SystemError(code: ENOENT)) { try NamelessFile(beside: "/nowhere/at/all") }
  }

  @Test func numbersOfARangeAreLent() {
    var numbers: [Float] = [1, 2, 3, 4]
    var span = numbers.mutableSpan
    span.withMutableBytes(of: 1..<3) { bytes in
      #expect(bytes.byteCount == 8)
      bytes.write(floats: [7, 8])
    }
    #expect(numbers == [1, 7, 8, 4])
  }
}
