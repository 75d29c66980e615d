package import Files
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
  /// Where the elements of the tensor called `name` are: the file, and the place of the first in it. They are not held to a checksum.
  ///
  /// - Throws: ``ArchiveError/missingTensor(path:name:count:)``.
  package func place(
    of name: String
  ) throws(ArchiveError) -> (declaration: TensorDeclaration, file: FileBytes, start: Int) {
    let index = try index(of: name)
    return (tensors[index], file, range(index).lowerBound)
  }

  /// The CRC-32 that the manifest has for a tensor; nil without a manifest, or without the tensor.
  package func checksum(of name: String) -> UInt32? {
    tensors.firstIndex { $0.name == name }.flatMap { header.manifest?.checksums[$0] }
  }
}
