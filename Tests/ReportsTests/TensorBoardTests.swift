import Foundation
import Reports
import TestSupport
import Testing

/// Event files against those of TensorFlow's own writer.
@Suite struct TensorBoardTests {
  private static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("tensorboard/\(name)"))))
  }

  /// The contents that `make.py` gave to TensorFlow.
  private static func contents() throws -> [(step: Int, TensorBoardEvent.Content)] {
    let kernel = (0..<360).map { Float($0 * 37 % 101) / 64 - 0.75 }
    let images = try ["image0.png", "image1.png"].map { try #require(PNGImage(bytes($0))) }
    return [
      (0, .fileVersion), (0, .summary(tag: "epoch_loss", .scalar(0.6931472))),
      (1, .summary(tag: "epoch_accuracy", .scalar(0.9563))),
      (300, .summary(tag: "epoch_learning_rate", .scalar(1e-3))),
      (12, .summary(tag: "dense/kernel/histogram", .histogram(HistogramBucket.buckets(of: kernel)))),
      (
        12,
        .summary(
          tag: "dense/bias/histogram",
          .histogram(HistogramBucket.buckets(of: [Float](repeating: 0.5, count: 4))))
      ), (2, .summary(tag: "mistakes", .images(images))), (9, .start),
    ]
  }

  @Test func writesWhatTensorFlowWrites() throws {
    let expected = try Self.bytes("expected.tfevents")
    var position = 0
    for (index, content) in try Self.contents().enumerated() {
      let event = TensorBoardEvent(
        wallTime: 1_700_000_000.25 + Double(index), step: content.step, content.1)
      let record = event.record
      let end = min(position + record.count, expected.count)
      #expect(record == Array(expected[position..<end]), "event \(index)")
      position = end
    }
    #expect(position == expected.count)
  }

  /// The vectors of RFC 3720, appendix B.4, and the usual nine digits.
  @Test func computesTheChecksum() {
    let ascending = [UInt8](0..<32)
    #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.of([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.of(ascending) == 0x46DD_794E)
    #expect(CRC32C.of(ascending.reversed()) == 0x113F_DB5C)
    #expect(CRC32C.of("123456789".utf8) == 0xE306_9283)
    #expect(CRC32C.of([]) == 0)
  }

  @Test func countsEveryNumberOnce() {
    let values: [Float] = [-1, 0, 0, 0.25, 2, .nan, .infinity]
    let buckets = HistogramBucket.buckets(of: values, count: 3)
    #expect(buckets.map(\.count) == [1, 3, 1])
    #expect(buckets.map(\.lowerEdge) == [-1, 0, 1] && buckets.map(\.upperEdge) == [0, 1, 2])
    #expect(HistogramBucket.buckets(of: [.nan]).map(\.count) == [Int](repeating: 0, count: 30))
  }

  @Test func knowsAPNGByItsBeginning() throws {
    let bytes = try Self.bytes("image0.png")
    let image = try #require(PNGImage(bytes))
    #expect(image.width == 5 && image.height == 4)
    #expect(PNGImage(Array(bytes.prefix(23))) == nil)
    #expect(PNGImage([0xFF, 0xD8] + bytes) == nil)
  }

  @Test func namesFilesAsTensorBoardLooksForThem() {
    #expect(
      TensorBoardEvent.fileName(seconds: 1_700_000_000, host: "host", process: 12, number: 3)
        == "events.out.tfevents.1700000000.host.12.3.v2")
  }
}
