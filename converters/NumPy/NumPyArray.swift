import Encoding
import Files
import Tensors

/// An array as a `.npy` file has it (NumPy Enhancement Proposal 1): what it is, and where its elements are.
struct NumPyArray: Sendable {
  let shape: TensorShape
  let scalarType: ScalarType
  /// How the elements lie in the file.
  private let order: ElementOrder
  private let elements: FileBytes

  /// How many bytes its elements take.
  var byteCount: Int { elements.byteCount }

  private static let types: [String: ScalarType] = [
    "<f8": .float64, "<f4": .float32, "<f2": .float16, "<i8": .int64, "<i4": .int32, "<i2": .int16,
    "|i1": .int8, "<u8": .uint64, "<u4": .uint32, "<u2": .uint16, "|u1": .uint8, "|b1": .bool,
  ]

  /// A header of more bytes describes no array of ours.
  private static let mostHeaderBytes = 1 << 14

  init(_ bytes: FileBytes) throws(NumPyWeightsError) {
    let place = bytes.name
    let start = try readingFile { () throws(FileError) in try bytes.head(12) }
    guard start.count == 12, start.starts(with: [0x93] + Array("NUMPY".utf8)), (1...3).contains(start[6])
    else {
      throw .damaged(place: place, reason: "expected an array of NumPy, version 1 to 3, found other bytes")
    }
    let textStart = start[6] > 1 ? 12 : 10
    let length = Int(UInt32(littleEndian: start[8..<textStart]))
    guard length <= Self.mostHeaderBytes, textStart + length <= bytes.byteCount else {
      throw .damaged(
        place: place, reason: "expected a header of \(length) bytes, found \(bytes.byteCount) in all")
    }
    let text = try readingFile { () throws(FileError) in
      String(decoding: try bytes.bytes(at: textStart, count: length), as: UTF8.self)
    }
    let header = NumPyHeaderText(text)
    let (name, isBigEndian) = Self.littleEndian(header.type)
    guard let name, let type = Self.types[name] else { throw header.refusal(at: place) }
    guard let isRowMajor = header.isRowMajor else {
      throw .damaged(place: place, reason: "expected the order of the elements in the header, found none")
    }
    let count = bytes.byteCount - textStart - length
    guard let extents = header.extents, let shape = TensorShape(validating: extents),
      shape.elementCount <= count, shape.elementCount * type.byteCount == count
    else {
      throw .damaged(
        place: place, reason: "expected the elements of \(header.extents ?? []), found \(count.grouped) bytes"
      )
    }
    (self.shape, scalarType) = (shape, type)
    order = ElementOrder(isRowMajor: isRowMajor, isBigEndian: isBigEndian)
    elements = try readingFile { () throws(FileError) in
      try bytes.part(textStart + length..<bytes.byteCount, name: place)
    }
  }

  /// Fills `buffer`, of ``byteCount``, with the elements in row-major order, the lowest byte of each first.
  func read(into buffer: inout MutableRawSpan) throws(FileError) {
    guard !order.isOurs else { return try elements.read(at: 0, into: &buffer) }
    let found = try elements.bytes(at: 0, count: byteCount)
    order.copy(found.span, of: shape, ofElementsOf: scalarType.byteCount, into: &buffer)
  }

  /// `<f4` for `>f4`, and whether it was the latter.
  private static func littleEndian(_ type: String?) -> (name: String?, isBigEndian: Bool) {
    guard let type, type.first == ">" else { return (type, false) }
    return ("<" + type.dropFirst(), true)
  }
}

/// What stands in an array's header, a dictionary as Python writes it.
private struct NumPyHeaderText {
  /// As NumPy spells it, `<f4`; nil where it is no word.
  let type: String?
  /// Whether each element is a record of several fields.
  private let isRecord: Bool
  let isRowMajor: Bool?
  let extents: [Int]?

  init(_ text: String) {
    isRecord = Self.value(of: "descr", in: text)?.first == "["
    type = Self.value(of: "descr", in: text).flatMap { value -> String? in
      guard let quote = value.first, quote == "'" || quote == "\"" else { return nil }
      return String(value.dropFirst().prefix { $0 != quote })
    }
    isRowMajor = Self.value(of: "fortran_order", in: text).flatMap { value -> Bool? in
      value.hasPrefix("False") ? true : value.hasPrefix("True") ? false : nil
    }
    extents = Self.value(of: "shape", in: text).flatMap { value -> [Int]? in
      guard value.first == "(", let end = value.firstIndex(of: ")") else { return nil }
      let words = value[value.index(after: value.startIndex)..<end].split(separator: ",").map {
        $0.filter { $0 != " " }
      }.filter { !$0.isEmpty }
      let numbers = words.compactMap { Int($0) }
      return numbers.count == words.count ? numbers : nil
    }
  }

  /// Why the elements are no numbers of weights.
  func refusal(at place: String) -> NumPyWeightsError {
    let what: String
    let leavesOut =
      "leave the array out: np.savez(FILE, **{k: v for k, v in arrays.items() if v.dtype.kind in 'fiub'})"
    let converts = "save the array with astype('float32')"
    guard let type else {
      guard isRecord else {
        return .damaged(place: place, reason: "expected the type of the elements in the header, found none")
      }
      return .unsupported(
        place: place, what: "an array of records, each with several fields",
        advice: "save each field as an array of its own, or \(leavesOut)")
    }
    var advice = leavesOut
    switch type.drop(while: { "<>|=".contains($0) }).first {
    case "O": what = "an array of objects of Python, which nothing but Python reads"
    case "U", "S", "a": what = "an array of texts"
    case "M", "m": what = "an array of dates or times"
    case "c":
      (what, advice) = ("an array of complex numbers", "save real and imaginary parts as arrays of their own")
    case "V": (what, advice) = ("an array of bytes without a type, as NumPy leaves bfloat16", converts)
    default: (what, advice) = ("an array of numbers of another type", converts)
    }
    return .unsupported(place: place, what: "\(what) (\(String(type.prefix(40)).printable))", advice: advice)
  }

  private static func value(of key: String, in text: String) -> Substring? {
    guard let place = text.firstRange(of: "'\(key)':") else { return nil }
    return text[place.upperBound...].drop { $0 == " " }
  }
}
