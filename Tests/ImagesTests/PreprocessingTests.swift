import Foundation
import Images
import Tensors
import TestSupport
import Testing

@Suite("Preprocessing equals Keras's preprocess_input")
struct PreprocessingTests {
  private func expected(_ mode: String) throws -> (bitmap: Bitmap, scalars: [Float]) {
    let all: [String: Data] = try ImageFixtures.json("preprocessing.json")
    let pixels = [UInt8](try #require(all["pixels"]))
    let bytes = [UInt8](try #require(all[mode]))
    let scalars = stride(from: 0, to: bytes.count, by: 4).map { offset in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) })
    }
    return (Bitmap(width: 256, height: 1, samples: pixels), scalars)
  }

  @Test("every value of every channel, to the bit", arguments: ["caffe", "tf", "torch"])
  func exact(mode: String) throws {
    let (bitmap, scalars) = try expected(mode)
    let preprocessing = try #require(Preprocessing.named[mode])
    #expect(try preprocessing.scalars(of: bitmap) == scalars)
  }

  /// Keras multiplies by 1/255 where we divide by 255.
  @Test("rescale, to the last place")
  func rescale() throws {
    let (bitmap, scalars) = try expected("rescale")
    let closeness = try Closeness(Preprocessing.rescale.scalars(of: bitmap), scalars)
    #expect(closeness.isWithin(relative: 1e-7), "\(closeness)")
  }
}
