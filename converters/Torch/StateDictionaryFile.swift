import Encoding
import Files
package import Tensors

/// Writes a safetensors file as PyTorch writes one: names, types, extents and places as JSON, and the numbers one tensor after the other.
package struct StateDictionaryFile: Sendable {
  /// A tensor to write: its place in the layout, and the type of its numbers.
  private let entries: [(entry: StateDictionaryLayout.Entry, type: ScalarType, range: Range<Int>)]
  /// How many bytes all numbers have.
  package let payloadByteCount: Int

  /// - Parameter type: that of a parameter's numbers.
  package init(_ layout: StateDictionaryLayout, type: (String) -> ScalarType) {
    var offset = 0
    entries = layout.entries.map { entry in
      let type = entry.parameter.map { type($0.name) } ?? .int64
      let range = offset..<offset + entry.shape.elementCount * type.byteCount
      offset = range.upperBound
      return (entry, type, range)
    }
    payloadByteCount = offset
  }

  private var header: [UInt8] {
    let members: [(name: String, value: JSON)] = entries.map { entry, type, range in
      (
        entry.name,
        [
          "dtype": .string(type.rawValue), "shape": .array(entry.shape.dimensions.map(JSON.integer)),
          "data_offsets": [.integer(range.lowerBound), .integer(range.upperBound)],
        ]
      )
    }
    var text = Array(JSON.object([("__metadata__", ["format": .string("pt")])] + members).compact.utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    return UInt64(text.count).littleEndianBytes + text
  }

  /// Writes the file, complete or not at all.
  ///
  /// - Parameters:
  ///   - progress: told of every tensor how many values it has. What it throws ends the work.
  ///   - read: fills its second argument with the numbers of a parameter, in our order.
  package func write(
    to path: String, progress: (Int) throws -> Void = { _ in },
    read: (StateDictionaryLayout.Entry, inout MutableRawSpan) throws -> Void
  ) throws {
    try AtomicFile.write(to: path) { sink in
      try header.withRawSpan { bytes in try sink.write(bytes) }
      for (entry, type, range) in entries {
        try Task.checkCancellation()
        var numbers = try [UInt8](count: range.count) { span in
          if entry.parameter != nil { try read(entry, &span) }
        }
        if entry.order != nil {
          let own = numbers
          numbers.withMutableRawSpan { target in
            own.withRawSpan { entry.reorder($0, size: type.byteCount, into: &target) }
          }
        }
        try numbers.withRawSpan { bytes in try sink.write(bytes) }
        try progress(entry.shape.elementCount)
      }
    }
  }
}
