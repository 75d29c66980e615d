import Foundation
import Images
import Tensors
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

  @Test("every filter, up and down, to the bit", arguments: Interpolation.allCases.prefix(6))
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

  struct TensorFlowCase: Decodable {
    let filter: String
    let width, height, newWidth, newHeight: Int
    let rgb, floats: Data
  }

  /// Not rounded: what a network gets that TensorFlow feeds (`tf_resize.py`).
  @Test("TensorFlow's own ways, up and down, not rounded", arguments: Interpolation.allCases.suffix(2))
  func equalsTensorFlow(interpolation: Interpolation) throws {
    let all: [TensorFlowCase] = try ImageFixtures.json("tf_resize.json")
    let cases = all.filter { $0.filter == interpolation.rawValue }
    #expect(cases.count == 24)
    for item in cases {
      let source = Bitmap(width: item.width, height: item.height, samples: [UInt8](item.rgb))
      let recipe = ImageRecipe(
        height: item.newHeight, width: item.newWidth, interpolation: interpolation, preprocessing: .unscaled)
      let expected = stride(from: 0, to: item.floats.count, by: 4).map { start in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(item.floats[start + $1]) << (8 * $1) })
      }
      let actual = try recipe.scalars(of: [source])
      #expect(actual.count == expected.count)
      let worst = zip(actual, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(
        worst <= (interpolation == .tensorFlowNearest ? 0 : 1e-4), "\(item.height)x\(item.width): \(worst)")
      // What people see of it is the same, rounded.
      let shown = try source.resized(width: item.newWidth, height: item.newHeight, interpolation)
      #expect(shown.pixels == actual.map { UInt8($0.rounded()) })
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
