import Encoding

/// What TensorBoard shows under a name: the value of a `Summary` message
/// (`tensorflow/core/framework/summary.proto`), with the plugin that is to show it.
package enum TensorBoardSummary: Sendable {
  /// A number over the steps.
  case scalar(Float)
  /// How many numbers lie where.
  case histogram([HistogramBucket])
  /// Images, each a whole PNG file.
  case images([PNGImage])

  private var plugin: String {
    switch self {
    case .scalar: "scalars"
    case .histogram: "histograms"
    case .images: "images"
    }
  }

  /// Adds the fields of `Summary.Value`.
  func add(to value: inout ProtocolBuffer, tag: String) {
    value.add(1, tag)
    value.add(8, addTensor)
    value.add(9) { metadata in metadata.add(1) { $0.add(1, plugin) } }
  }

  /// Adds the fields of `TensorProto` (`tensorflow/core/framework/tensor.proto`).
  private func addTensor(to tensor: inout ProtocolBuffer) {
    switch self {
    case .scalar(let number):
      Self.addType(.float32, shape: [], to: &tensor)
      tensor.add(4, number.bitPattern.littleEndianBytes)
    case .histogram(let buckets):
      Self.addType(.float64, shape: [buckets.count, 3], to: &tensor)
      let rows = buckets.flatMap { [$0.lowerEdge, $0.upperEdge, Double($0.count)] }
      tensor.add(4, rows.flatMap(\.bitPattern.littleEndianBytes))
    case .images(let images):
      Self.addType(.string, shape: [2 + images.count], to: &tensor)
      tensor.add(8, "\(images.first?.width ?? 0)")
      tensor.add(8, "\(images.first?.height ?? 0)")
      for image in images { tensor.add(8, image.bytes) }
    }
  }

  /// `tensorflow/core/framework/types.proto`
  private enum DataType: Int {
    case float32 = 1
    case float64 = 2
    case string = 7
  }

  private static func addType(_ type: DataType, shape: [Int], to tensor: inout ProtocolBuffer) {
    tensor.add(1, type.rawValue)
    tensor.add(2) { message in
      for extent in shape { message.add(2) { $0.add(1, extent) } }
    }
  }
}

/// A PNG file, and how large the image in it says it is.
package struct PNGImage: Hashable, Sendable {
  package let bytes: [UInt8]
  package let width: Int
  package let height: Int

  /// Nil when the bytes do not begin as a PNG file does (ISO/IEC 15948, sections 5.2 and 11.2.2).
  package init?(_ bytes: [UInt8]) {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    guard bytes.count >= 24, bytes.starts(with: signature), bytes[12..<16].elementsEqual("IHDR".utf8) else {
      return nil
    }
    self.bytes = bytes
    width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    height = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
  }
}
