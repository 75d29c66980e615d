import Datasets
import Foundation
import Images
import TestSupport
import Testing

/// Archives of pictures cut short and changed: a list, of which some images cannot be read, or an error.
@Suite struct PackedDatasetSweepTests {
  @Test(arguments: ["parts.zip", "shard-json.tar", "twice.tar"])
  func everyDamageIsAListOrAnError(name: String) throws {
    try withTemporaryFolder { root in
      let file = root.appending(path: "swept")
      let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Repository.fixture("packed/\(name)"))))
      let sweep = try Sweep(of: bytes, sample: 211, maySayOtherwise: true) { bytes in
        try Data(bytes).write(to: file, options: .atomic)
        let dataset = try Dataset(contentsOf: file.path)
        let pixels = dataset.items.map { item in
          let bitmap: Result<Bitmap, ImageError> = Result { () throws(ImageError) in
            try Bitmap(contentsOf: item.location)
          }
          return (try? bitmap.get().pixels) ?? []
        }
        return dataset.items.map(\.name) + ["\(pixels.hashValue)"]
      }
      #expect(sweep.errors > 0)
    }
  }
}
