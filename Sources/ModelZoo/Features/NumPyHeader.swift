import Files
import Foundation
import TensorArchive
package import Tensors

/// The header of a `.npy` file, version 1.0 (NumPy Enhancement Proposal 1), for numbers in row-major order.
package struct NumPyHeader {
  /// Every header is this long, so that the row count can be put in once it is known.
  package static let ownByteCount = 192

  /// The extents, the batch first.
  package let shape: TensorShape
  package let scalarType: ScalarType
  /// Where the numbers begin.
  package let byteCount: Int

  /// The header of an array of `shape`; nil when there are more axes than fit, and for numbers that NumPy has no type for.
  package static func bytes(shape: [Int], of type: ScalarType = .float32) -> [UInt8]? {
    let types: [ScalarType: String] = [.float16: "<f2", .float32: "<f4", .float64: "<f8"]
    guard let description = types[type] else { return nil }
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    let text = "{'descr': '\(description)', 'fortran_order': False, 'shape': (\(extents)), }"
    let textCount = ownByteCount - 10
    guard text.utf8.count < textCount else { return nil }
    let padding = String(repeating: " ", count: textCount - text.utf8.count - 1) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(textCount & 0xFF), UInt8(textCount >> 8)]
      + Array((text + padding).utf8)
  }
}

extension NumPyHeader {
  /// Reads the header of a `.npy` file of version 1, 2 or 3: numbers of 4 or 8 bytes, row-major, two axes or more.
  init(path: String, file: FileBytes) throws(FeatureFileError) {
    let start = (try? file.head(12)) ?? []
    guard start.count == 12, start.starts(with: [0x93] + Array("NUMPY".utf8)), (1...3).contains(start[6])
    else {
      throw .malformed(path: path, expected: "a .npy file of version 1, 2 or 3", found: "other bytes")
    }
    let isLong = start[6] > 1
    let length = start[8..<(isLong ? 12 : 10)].reversed().reduce(0) { $0 << 8 | Int($1) }
    let textStart = isLong ? 12 : 10
    guard length <= 1 << 16, textStart + length <= file.byteCount else {
      throw .malformed(
        path: path, expected: "a header of \(length) bytes", found: "\(file.byteCount) bytes in the file")
    }
    byteCount = textStart + length
    let text = String(decoding: ((try? file.head(byteCount)) ?? []).dropFirst(textStart), as: UTF8.self)
    let type = Self.value(of: "descr", in: text)
    let types: [String: ScalarType] = ["'<f4'": .float32, "'<f8'": .float64, "'<f2'": .float16]
    guard let scalarType = types[type], Self.value(of: "fortran_order", in: text) == "False" else {
      throw .unsupportedArray(
        path: path, expected: "float32 in row-major order", found: String(text.prefix(80)))
    }
    guard let counts = Self.extents(in: Self.value(of: "shape", in: text)), counts.count >= 2,
      let shape = TensorShape(validating: counts)
    else {
      throw .unsupportedArray(
        path: path, expected: "an array of two axes or more", found: String(text.prefix(80)))
    }
    try FeatureFile.checkRows(of: shape, path: path)
    self.scalarType = scalarType
    self.shape = shape
  }

  /// The numbers of a tuple as Python writes it, `(3, 4,)`; nil for anything else.
  private static func extents(in tuple: String) -> [Int]? {
    guard tuple.first == "(", tuple.last == ")" else { return nil }
    var words = tuple.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    if words.last?.isEmpty == true { words.removeLast() }
    let numbers = words.compactMap { word in
      word.allSatisfy { $0.isASCII && $0.isNumber } ? Int(word) : nil
    }
    return numbers.count == words.count ? numbers : nil
  }

  /// What stands behind a key of the dictionary, up to the comma that ends it.
  private static func value(of key: String, in text: String) -> String {
    guard let place = text.range(of: "'\(key)':") else { return "" }
    let rest = text[place.upperBound...].drop { $0 == " " }
    let end = rest.first == "(" ? rest.firstIndex(of: ")").map { rest.index(after: $0) } : nil
    return String(rest[..<(end ?? rest.firstIndex { ",}".contains($0) } ?? rest.endIndex)])
  }
}
