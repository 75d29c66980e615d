import Encoding
import Tensors

extension ArchiveError: CustomStringConvertible {
  /// *place: what; expected X, found Y; what to do*.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .file(let error): error.description
    case .notAnArchive(let path, let finding):
      "\(path): not an archive; expected a safetensors header, found \(finding)"
    case .malformedHeader(let path, let place, let expected, let found):
      "\(path): \(place): not valid; expected \(expected), found \(found); \(Self.fetchAgain)"
    case .wrongSize(let path, let expected, let found):
      Self.wrongSizeSentence(path, expected, found)
    case .damagedHeader(let path, let expected, let found):
      """
      \(path): the header was changed after it was written; expected SHA-256 \(expected), found \(found); \
      \(Self.fetchAgain)
      """
    case .newerVersion(let path, let found, let supported):
      """
      \(path): written in a newer format; expected major version \(supported.major) or older, \
      found \(found); update this program
      """
    case .unsupportedType(let path, let tensor, let type):
      "\(path): \(tensor): elements of type \(type) are not supported yet; save it in another type, such as F32"
    case .overLimit(let path, let what, let limit, let found):
      "\(path): \(what): above the limit; expected at most \(limit), found \(found)"
    case .missingTensor(let path, let name, let count):
      "\(path): \(name): no such tensor; expected one of those in the file, which has \(counted(count, "tensor"))"
    case .damagedTensor(let path, let name, let expected, let found):
      """
      \(path): \(name): the bytes are damaged; expected CRC-32 \(expected.hexadecimal), \
      found \(found.hexadecimal); \(Self.fetchAgain)
      """
    case .damagedPayload(let path, let tensors, let expected, let found):
      """
      \(path): the payload is damaged\(Self.list(tensors)); expected SHA-256 \(expected), found \(found); \
      \(Self.fetchAgain)
      """
    case .invalidContents(let path, let place, let expected, let found):
      "\(path): \(place): cannot be archived; expected \(expected), found \(found)"
    case .unrepresentable(let path, let tensor, let type, let value):
      """
      \(path): \(tensor): a value does not fit into \(type.rawValue); expected a magnitude of at most \(type.largest), \
      found \(value); store it as BF16 or F32
      """
    }
  }

  private static let fetchAgain = "convert or fetch the file again"

  private static func wrongSizeSentence(_ path: String, _ expected: Int, _ found: Int) -> String {
    let what = found < expected ? "the file is cut short" : "the file has extra bytes at its end"
    return "\(path): \(what); expected \(expected) bytes, found \(found); \(fetchAgain)"
  }

  /// The damaged tensors in words; all of them are in the error's data.
  private static func list(_ tensors: [String]) -> String {
    let shown = 5
    guard !tensors.isEmpty else { return "" }
    let rest = tensors.count > shown ? " and \(tensors.count - shown) more" : ""
    return " in " + tensors.prefix(shown).joined(separator: ", ") + rest
  }
}

extension ScalarType {
  /// The largest number of a floating-point type, in words.
  fileprivate var largest: String { self == .float16 ? "65504" : "3.4e38" }
}
