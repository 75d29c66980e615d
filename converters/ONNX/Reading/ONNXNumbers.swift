import Encoding
import Files
import Foundation
import Tensors

/// The numbers of a model's tensors, wherever they lie: checked when they are looked for, read when they are needed.
struct ONNXNumbers: Sendable {
  private let contents: FileBytes
  /// The model's folder; nil where nothing beside it is read.
  private let folder: String?
  /// Files beside the model, by name.
  private var others: [String: FileBytes] = [:]

  init(_ contents: FileBytes, folder: String?) { (self.contents, self.folder) = (contents, folder) }

  /// The type that numbers are read as; nil for one that has no counterpart.
  static func scalarType(_ elementType: Int) -> ScalarType? {
    switch elementType {
    case 1: .float32
    case 2: .uint8
    case 3: .int8
    case 4: .uint16
    case 5: .int16
    case 6: .int32
    case 7: .int64
    case 9: .bool
    case 10: .float16
    case 11: .float64
    case 12: .uint32
    case 13: .uint64
    case 16: .bfloat16
    default: nil
    }
  }

  /// Makes sure that all numbers of a tensor are there, neither fewer nor more.
  mutating func check(_ tensor: ONNXTensor) throws(ONNXModelError) -> ScalarType {
    guard let type = Self.scalarType(tensor.elementType) else {
      throw damaged(tensor, "its numbers are of the type \(tensor.elementType), which is not read")
    }
    guard let count = tensor.elementCount else { throw damaged(tensor, "it has too many numbers") }
    let (expected, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow else { throw damaged(tensor, "it has too many numbers") }
    switch tensor.place {
    case .bytes(let range):
      guard range.count == expected else {
        throw damaged(tensor, "expected \(expected) bytes of numbers, found \(range.count)")
      }
    case .fields(_, let found):
      guard found == count else { throw damaged(tensor, "expected \(count) numbers, found \(found)") }
    case .external(let name, let offset, let length):
      let file = try file(beside: name)
      guard length ?? expected == expected, offset >= 0, expected <= file.byteCount,
        offset <= file.byteCount - expected
      else {
        throw damaged(
          tensor,
          "expected \(expected) bytes at byte \(offset) of '\(name.prefix(80))', which has \(file.byteCount)")
      }
    case .nowhere:
      guard count == 0 else { throw damaged(tensor, "expected \(count) numbers, found none") }
    }
    return type
  }

  /// Opens a file in the model's own folder; no other is ever looked at, nor one that a link leads to.
  private mutating func file(beside name: String) throws(ONNXModelError) -> FileBytes {
    if let known = others[name] { return known }
    guard let folder else { throw external(name, "only those of a model in a folder are") }
    guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= 255,
      !name.unicodeScalars.contains(where: { $0 == "/" || $0 == "\\" || $0.value < 0x20 })
    else { throw external(name, "it is no plain name of a file in the model's folder") }
    let path = "\(folder)/\(name)"
    let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    guard kind == .typeRegular else {
      throw external(
        name,
        kind == .typeSymbolicLink
          ? "it is a link, which is not followed" : "no such file is in the model's folder")
    }
    let file = try readingModel { () throws(FileError) in try FileBytes(path: path) }
    others[name] = file
    return file
  }

  /// Fills `buffer`, of the tensor's byte count, with its numbers, the lowest byte of each first.
  func read(_ tensor: ONNXTensor, _ type: ScalarType, into buffer: inout MutableRawSpan)
    throws(ONNXModelError)
  {
    switch tensor.place {
    case .bytes(let range):
      try readingModel { () throws(FileError) in try contents.read(at: range.lowerBound, into: &buffer) }
    case .external(let name, let offset, _):
      guard let file = others[name] else { throw damaged(tensor, "its file is not open") }
      try readingModel { () throws(FileError) in
        try file.read(at: offset, into: &buffer)
        try file.requireUnchanged()
      }
    case .fields(let number, _):
      let bytes = try unpacked(tensor, number, type)
      guard bytes.count == buffer.byteCount else { throw damaged(tensor, "its numbers have changed") }
      buffer.write(bytes[...], at: 0)
    case .nowhere: break
    }
    try readingModel { () throws(FileError) in try contents.requireUnchanged() }
  }

  /// All bytes of a tensor that was checked.
  func bytes(of tensor: ONNXTensor, _ type: ScalarType) throws(ONNXModelError) -> [UInt8] {
    try [UInt8](count: (tensor.elementCount ?? 0) * type.byteCount) { (buffer) throws(ONNXModelError) in
      try read(tensor, type, into: &buffer)
    }
  }

  /// Numbers of fields, each as the type has it.
  private func unpacked(
    _ tensor: ONNXTensor, _ number: UInt64, _ type: ScalarType
  ) throws(ONNXModelError) -> [UInt8] {
    let window = ByteWindow(contents)
    var result: [UInt8] = []
    result.reserveCapacity((tensor.elementCount ?? 0) * type.byteCount)
    func append(_ value: UInt64) {
      for place in 0..<type.byteCount { result.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
    }
    var cursor = ProtocolCursor(window, tensor.message)
    while let field = try cursor.next() {
      guard field.number == number else { continue }
      switch field.content {
      case .number(let value), .eightBytes(let value): append(value)
      case .fourBytes(let value): append(UInt64(value))
      case .bytes(let range):
        // Floats and doubles lie there as they are.
        if number == 4 || number == 10 {
          result += try window.copy(range)
        } else {
          var numbers = ProtocolCursor(window, range)
          while !numbers.isAtEnd { append(try numbers.number()) }
        }
      }
    }
    return result
  }

  private func damaged(_ tensor: ONNXTensor, _ reason: String) -> ONNXModelError {
    .damaged(place: contents.name, reason: "tensor '\(tensor.name.prefix(80))': \(reason)")
  }

  private func external(_ name: String, _ reason: String) -> ONNXModelError {
    .external(place: contents.name, file: name, reason: reason)
  }
}

extension ONNXNumbers {
  /// The numbers of a small tensor, to compute with them.
  mutating func values(of tensor: ONNXTensor) throws(ONNXModelError) -> [Double] {
    let type = try check(tensor)
    let bytes = try bytes(of: tensor, type)
    return (0..<bytes.count / type.byteCount).map { index in
      let part = bytes[index * type.byteCount..<(index + 1) * type.byteCount]
      var bits: UInt64 = 0
      for (place, byte) in part.enumerated() { bits |= UInt64(byte) << UInt64(8 * place) }
      return type.value(of: bits)
    }
  }
}

extension ScalarType {
  /// The number that the lowest bits are.
  fileprivate func value(of bits: UInt64) -> Double {
    switch self {
    case .float64: Double(bitPattern: bits)
    case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float16: Double(Float(halfBits: UInt16(truncatingIfNeeded: bits)))
    case .bfloat16: Double(Float(brainBits: UInt16(truncatingIfNeeded: bits)))
    case .int64: Double(Int64(bitPattern: bits))
    case .int32: Double(Int32(truncatingIfNeeded: bits))
    case .int16: Double(Int16(truncatingIfNeeded: bits))
    case .int8: Double(Int8(truncatingIfNeeded: bits))
    case .uint64: Double(bits)
    case .uint32, .uint16, .uint8: Double(bits)
    case .bool: bits == 0 ? 0 : 1
    }
  }
}
