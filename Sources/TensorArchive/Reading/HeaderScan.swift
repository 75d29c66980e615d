import Encoding

/// A look at a header's bytes before a JSON parser sees them: UTF-8, no control characters, shallow, and not
/// more objects than tensors are allowed.
struct HeaderScan {
  private(set) var objectCount = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  /// Throws what is wrong with `header`, the JSON without its length field.
  static func check(_ header: [UInt8], path: String) throws(ArchiveError) {
    guard String(validating: header, as: UTF8.self) != nil else {
      throw .malformedHeader(path: path, place: "header", expected: "UTF-8", found: "other bytes")
    }
    guard header.first == UInt8(ascii: "{") else {
      throw .notAnArchive(path: path, finding: "a header that does not start with {")
    }
    var scan = HeaderScan()
    for (offset, byte) in header.enumerated() {
      guard let problem = scan.advance(byte) else { continue }
      throw .malformedHeader(
        path: path, place: "header byte \(offset)", expected: problem.expected, found: problem.found)
    }
    let (count, limit) = (
      JSONBudget.valueCount(of: header), FormatLimits.valueCount(headerByteCount: header.count)
    )
    guard count <= limit else {
      throw .overLimit(path: path, what: "values and names in the header", limit: limit, found: count)
    }
    // One object more is the metadata.
    guard scan.objectCount <= FormatLimits.maximumTensorCount + 1 else {
      throw .overLimit(
        path: path, what: "tensors", limit: FormatLimits.maximumTensorCount, found: scan.objectCount)
    }
  }

  private mutating func advance(_ byte: UInt8) -> (expected: String, found: String)? {
    switch byte {
    case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
    case ..<0x20: return ("text", "the control character \(byte)")
    case _ where isInString: advanceInString(byte)
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"):
      if depth == 1 { objectCount += 1 }
      depth += 1
    case UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
    default: break
    }
    guard depth <= FormatLimits.maximumNesting else {
      return ("at most \(FormatLimits.maximumNesting) levels of nesting", "more")
    }
    return nil
  }

  private mutating func advanceInString(_ byte: UInt8) {
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
    }
  }
}
