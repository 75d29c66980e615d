import Foundation
import Images
import TestSupport
import Testing

@Suite("Resizing equals Pillow's")
struct ResizingTests {
  struct Fixture: Decodable {
    let sources: [ExpectedImage]
    let resized: [Case]
  }

  struct Case: Decodable {
    let source: Int
    let filter: String
    let width: Int
    let height: Int
    let rgb: Data
  }

  @Test("every filter, up and down, to the bit", arguments: Interpolation.allCases)
  func exact(interpolation: Interpolation) throws {
    let fixture: Fixture = try ImageFixtures.json("resize.json")
    let cases = fixture.resized.filter { $0.filter == interpolation.rawValue }
    #expect(cases.count >= 13)
    for item in cases {
      let source = fixture.sources[item.source].bitmap
      let actual = try source.resized(width: item.width, height: item.height, interpolation)
      let expected = Bitmap(width: item.width, height: item.height, samples: [UInt8](item.rgb))
      #expect(difference(actual, expected) == nil, "source \(item.source) to \(item.width)x\(item.height)")
    }
  }

  @Test("the same size is the same image", arguments: Interpolation.allCases)
  func sameSize(interpolation: Interpolation) throws {
    let bitmap = Bitmap(width: 3, height: 2, samples: (0..<18).map { UInt8($0 * 13) })
    #expect(try bitmap.resized(width: 3, height: 2, interpolation) == bitmap)
  }

  @Test("no size below one pixel")
  func emptySize() throws {
    let bitmap = Bitmap(width: 3, height: 2, red: 1, green: 2, blue: 3)
    #expect(throws: ImageError.emptySize(height: 0, width: 5)) {
      try bitmap.resized(width: 5, height: 0, .nearest)
    }
  }
}
