import Datasets
import Images
import Tensors
import TestSupport
import Testing

@Suite("Photographs", .enabled(if: SharedFiles.arePresent, "\(SharedFiles.message)"))
struct PhotographTests {
  struct Expected: Decodable {
    let width: Int
    let height: Int
    let decoded: UInt32
    let nearest: UInt32
    let bilinear: UInt32
    let bicubic: UInt32
    let box: UInt32
  }

  @Test("decode and resize to Pillow's checksums")
  func checksums() throws {
    let all: [String: Expected] = try ImageFixtures.json("photographs.json")
    #expect(all.count >= 30)
    for (name, expected) in all {
      let photograph = try Bitmap(contentsOf: SharedFiles.path("data/" + name))
      #expect((photograph.width, photograph.height) == (expected.width, expected.height), "\(name)")
      #expect(crc32(photograph.pixels) == expected.decoded, "\(name)")
      let resized: [(Interpolation, UInt32)] = [
        (.nearest, expected.nearest), (.bilinear, expected.bilinear), (.bicubic, expected.bicubic),
        (.box, expected.box),
      ]
      for (interpolation, checksum) in resized {
        let small = try photograph.resized(width: 224, height: 224, interpolation)
        #expect(crc32(small.pixels) == checksum, "\(name) \(interpolation)")
      }
    }
  }

  @Test("are listed as Keras lists them, and all decode")
  func folder() throws {
    let folder = try Dataset(folder: SharedFiles.path("data/animals"))
    #expect(folder.foundLine == "Found 808 images belonging to 4 classes.")
    #expect(folder.classIndices[folder.classes[3]] == 3)
    for item in folder.items { #expect(throws: Never.self) { try Bitmap(contentsOf: item.path) } }
  }
}

/// zlib's CRC-32.
private func crc32(_ bytes: [UInt8]) -> UInt32 {
  var table = [UInt32](0..<256)
  for _ in 0..<8 { table = table.map { $0 & 1 == 1 ? ($0 >> 1) ^ 0xEDB8_8320 : $0 >> 1 } }
  var remainder = ~UInt32(0)
  for byte in bytes { remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ (remainder >> 8) }
  return ~remainder
}
