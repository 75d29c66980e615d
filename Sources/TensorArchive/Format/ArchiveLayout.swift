import Encoding
import Tensors

/// The canonical order of a set of tensors, and where each one's bytes lie.
struct ArchiveLayout: Sendable {
  /// In payload order.
  let tensors: [PlacedTensor]
  let payloadByteCount: Int

  /// Orders and places tensors declared in any order; `path` is for the errors.
  init(_ declarations: [TensorDeclaration], path: String) throws(ArchiveError) {
    guard declarations.count <= FormatLimits.maximumTensorCount else {
      throw .overLimit(
        path: path, what: "tensors", limit: FormatLimits.maximumTensorCount, found: declarations.count)
    }
    var sized: [(declaration: TensorDeclaration, byteCount: Int)] = []
    for declaration in declarations {
      sized.append((declaration, try Self.checkedByteCount(declaration, path)))
    }
    sized.sort { Self.precedes($0, $1) }
    try Self.refuseDuplicates(sized.map(\.declaration.name), path)

    var tensors: [PlacedTensor] = []
    var end = 0
    for (declaration, byteCount) in sized {
      let (next, overflow) = end.addingReportingOverflow(byteCount)
      guard !overflow else {
        throw .overLimit(path: path, what: "payload bytes", limit: .max, found: .max)
      }
      tensors.append(PlacedTensor(declaration: declaration, range: end..<next))
      end = next
    }
    self.tensors = tensors
    payloadByteCount = end
  }

  /// Tensors that fill whole aligned blocks first, so that all of those start aligned; then wider elements
  /// before narrower ones, so that the rest is aligned to its elements; then by the bytes of the name.
  private static func precedes(
    _ first: (declaration: TensorDeclaration, byteCount: Int),
    _ second: (declaration: TensorDeclaration, byteCount: Int)
  ) -> Bool {
    func rank(_ tensor: (declaration: TensorDeclaration, byteCount: Int)) -> Int {
      let fillsBlocks = tensor.byteCount % FormatLimits.payloadAlignment == 0
      return fillsBlocks ? 0 : 1 + FormatLimits.payloadAlignment - tensor.declaration.scalarType.byteCount
    }
    let (left, right) = (rank(first), rank(second))
    return left != right
      ? left < right : first.declaration.name.precedesInBytes(second.declaration.name)
  }

  private static func checkedByteCount(
    _ declaration: TensorDeclaration, _ path: String
  ) throws(ArchiveError) -> Int {
    let name = declaration.name
    let isPrintable = name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    let isOfGoodLength = (1...FormatLimits.maximumNameByteCount).contains(name.utf8.count)
    guard isPrintable, isOfGoodLength, name != metadataName else {
      throw .invalidContents(
        path: path, place: "tensor name",
        expected: "1 to \(FormatLimits.maximumNameByteCount) bytes without control characters",
        found: JSON.string(name).compact)
    }
    guard declaration.shape.rank <= FormatLimits.maximumRank else {
      throw .overLimit(
        path: path, what: "\(name): axes", limit: FormatLimits.maximumRank, found: declaration.shape.rank)
    }
    guard let byteCount = declaration.byteCount else {
      throw .overLimit(path: path, what: "\(name): bytes", limit: .max, found: .max)
    }
    return byteCount
  }

  private static func refuseDuplicates(_ names: [String], _ path: String) throws(ArchiveError) {
    var seen: Set<String> = []
    for name in names {
      guard seen.insert(name).inserted else {
        throw .invalidContents(
          path: path, place: name, expected: "every tensor once", found: "two of this name")
      }
    }
  }
}
