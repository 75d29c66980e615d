import Encoding
import Tensors

/// Checks a header's tensors one by one, and that together they tile the payload.
struct TensorTable {
  let path: String

  /// The tensors by offset; empty ones ahead of the one that starts where they lie, then by name.
  func read(_ tensors: [HeaderJSON.Tensor]) throws(ArchiveError) -> [PlacedTensor] {
    var placed: [PlacedTensor] = []
    for tensor in tensors { placed.append(try place(tensor)) }
    placed.sort { first, second in
      (first.range.lowerBound, first.range.upperBound) == (second.range.lowerBound, second.range.upperBound)
        ? first.name.precedesInBytes(second.name)
        : (first.range.lowerBound, first.range.upperBound)
          < (second.range.lowerBound, second.range.upperBound)
    }
    var end = 0
    for tensor in placed {
      guard tensor.range.lowerBound == end else {
        throw malformed(
          tensor.name, expected: "a start at \(end), where the tensor before it ends",
          found: "\(tensor.range.lowerBound)")
      }
      end = tensor.range.upperBound
    }
    return placed
  }

  private func place(_ tensor: HeaderJSON.Tensor) throws(ArchiveError) -> PlacedTensor {
    let (name, fields) = (tensor.name, tensor.fields)
    try refuse(name.prefix(32) + "...: name bytes", name.utf8.count, FormatLimits.maximumNameByteCount)
    try refuse("\(name): axes", fields.shape.count, FormatLimits.maximumRank)
    guard let scalarType = ScalarType(rawValue: fields.dtype) else {
      throw .unsupportedType(path: path, tensor: name, type: fields.dtype)
    }
    guard let shape = TensorShape(validating: fields.shape) else {
      throw malformed(name, expected: "a shape that fits the address space", found: "\(fields.shape)")
    }
    let declaration = TensorDeclaration(name: name, scalarType: scalarType, shape: shape)
    guard let byteCount = declaration.byteCount else {
      throw malformed(name, expected: "a size that fits the address space", found: "\(shape)")
    }
    let range = try range(fields.data_offsets, of: name)
    guard range.count == byteCount else {
      throw malformed(
        name, expected: "\(byteCount) bytes for \(scalarType.rawValue) \(shape)", found: "\(range.count)")
    }
    return PlacedTensor(declaration: declaration, range: range)
  }

  private func range(_ offsets: [Int], of name: String) throws(ArchiveError) -> Range<Int> {
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw malformed(name, expected: "data_offsets [start, end]", found: "\(offsets)")
    }
    return offsets[0]..<offsets[1]
  }

  private func refuse(_ what: some StringProtocol, _ found: Int, _ limit: Int) throws(ArchiveError) {
    guard found > limit else { return }
    throw .overLimit(path: path, what: String(what), limit: limit, found: found)
  }

  private func malformed(_ place: String, expected: String, found: String) -> ArchiveError {
    .malformedHeader(path: path, place: place, expected: expected, found: found)
  }
}
