import Files
public import Tensors

extension Archive {
  /// The shape of the tensor called `name`; nil when there is none.
  public func shape(of name: String) -> TensorShape? { tensors.first { $0.name == name }?.shape }

  /// The elements of the tensor called `name`, widened to `float32`, after its checksum was verified.
  ///
  /// ```swift
  /// let kernel = try Archive(contentsOf: path).values(of: "conv1_conv/kernel")  // [7, 7, 3, 64], HWIO
  /// ```
  ///
  /// - Throws: ``ArchiveError/missingTensor(path:name:count:)``, ``ArchiveError/damagedTensor(path:name:expected:found:)``, and
  ///   ``ArchiveError/unsupportedType(path:tensor:type:)`` for elements that are not floating-point numbers.
  /// - Complexity: O(elements); a copy.
  public func values(of name: String) throws(ArchiveError) -> Tensor {
    let view = try tensor(named: name)
    guard let scalars = view.floats() else {
      throw .unsupportedType(path: path, tensor: name, type: view.scalarType.rawValue)
    }
    return Tensor(shape: view.shape, scalars: scalars)
  }
}

extension Archive {
  /// Some of the elements of a `float32` tensor, by their places in it, not held to its checksum.
  ///
  /// - Throws: ``ArchiveError/unsupportedType(path:tensor:type:)`` for elements of another type, and `FileError.damaged` for
  ///   places beyond the tensor.
  package func floats(of name: String, at places: Range<Int>) throws(ArchiveError) -> [Float] {
    let index = try index(of: name)
    let (declaration, range) = (tensors[index], range(index))
    guard declaration.scalarType == .float32 else {
      throw .unsupportedType(path: path, tensor: name, type: declaration.scalarType.rawValue)
    }
    guard places.upperBound <= range.count / 4 else {
      throw .wrongSize(
        path: path, expected: range.lowerBound + 4 * places.upperBound, found: range.upperBound)
    }
    let bytes = range.lowerBound + 4 * places.lowerBound..<range.lowerBound + 4 * places.upperBound
    let storage = try reading { () throws(FileError) in try file.storage(of: bytes) }
    let view = TensorView(
      shape: [places.count], scalarType: .float32, storage: storage, range: 0..<bytes.count)
    guard let floats = view?.floats() else {
      throw .wrongSize(path: path, expected: bytes.upperBound, found: file.byteCount)
    }
    return floats
  }

  /// The CRC-32 that the manifest has for a tensor; nil without a manifest, or without the tensor.
  package func checksum(of name: String) -> UInt32? {
    tensors.firstIndex { $0.name == name }.flatMap { header.manifest?.checksums[$0] }
  }
}
