import Errors
import Foundation
import ModelZoo

struct ImageLabeller {
  private let model: TrainedModel

  init(model file: URL) throws {
    model = try TrainedModel(contentsOf: file)
  }

  /// What a frame of a camera shows: 8 bits a channel, blue first, rows with bytes after them that belong to no pixel.
  func label(width: Int, height: Int, bytesPerRow: Int, bytes: [UInt8]) async throws -> String {
    let frame = try PixelBuffer(
      width: width, height: height, bytesPerRow: bytesPerRow, channels: .bgra, bytes: bytes)
    return try await model.predict(frame).label
  }

  /// What many images show, some at a time.
  func labels(of images: [Bitmap]) async throws -> [String] {
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for (index, image) in images.enumerated() {
        group.addTask { (index, try await model.predict(image).label) }
      }
      return try await group.reduce(into: Array(repeating: "", count: images.count)) { $0[$1.0] = $1.1 }
    }
  }
}

func advice(after error: any Error) -> String {
  switch error {
  case let error as ImageError: "Choose another image. \(error)"
  case let error as any ZooError where error.family == .missing: "Look for the file again. \(error)"
  case is CancellationError: "Stopped."
  default: "\(error)"
  }
}
