import Files
import Foundation
import Tensors
import TestSupport

import TensorArchive

/// A small archive with a tensor of every kind of size, the same that `archive-v1/make.py` builds.
enum Sample {
  static let manifest = Manifest(
    producer: "model-zoo test",
    source: Provenance(
      fileName: "tiny \"quoted\" \\ é.h5",
      digests: FileDigests(
        byteCount: 1_234, md5: String(repeating: "0123456789abcdef", count: 2),
        sha256: String(repeating: "0123456789abcdef", count: 4)),
      era: "keras-2", converter: "model-zoo test", licence: "CC-BY-4.0", attribution: "A. Author, 2015",
      details: ["kernels": "theano", "graph": "B"]),
    sections: [
      "entry": "{\"name\": \"tiny\",\n\t\"layers\": []}\n", "labels": "[\"äpfel\",\"\u{1}\u{7F}\"]",
    ])

  static let tensors: [String: TensorView] = [
    "conv/kernel": view(.float32, [2, 2, 2, 4], seed: 1),
    "conv/bias": view(.float32, [4], seed: 2),
    "bn/beta": view(.float32, [3], seed: 3),
    "bn/count": view(.int64, [], seed: 4),
    "mask": view(.uint8, [5], seed: 5),
    "empty": view(.float32, [0, 3], seed: 6),
  ]

  static let canonicalNames = ["conv/kernel", "empty", "bn/count", "bn/beta", "conv/bias", "mask"]

  static func write(
    to path: String, manifest: Manifest = manifest,
    contents: (inout ArchiveWriter) throws -> Void = { try append(to: &$0) }
  ) throws {
    let declarations = tensors.map {
      TensorDeclaration(name: $0.key, scalarType: $0.value.scalarType, shape: $0.value.shape)
    }
    try ArchiveWriter.write(to: path, manifest: manifest, tensors: declarations, contents: contents)
  }

  /// Appends tensors under their names, in the given order.
  static func append(
    _ names: some Sequence<String> = canonicalNames, to writer: inout ArchiveWriter
  ) throws {
    for name in names {
      try tensors[name]?.withBytes { try writer.append($0, of: name) }
    }
  }

  static func bytes(_ view: TensorView) -> [UInt8] {
    view.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }
  }

  /// Bytes `(31 i + 97 seed) mod 251`: no two tensors alike, and as easy in Python.
  private static func view(_ type: ScalarType, _ shape: TensorShape, seed: Int) -> TensorView {
    let count = shape.elementCount * type.byteCount
    let bytes = (0..<count).map { UInt8((31 * $0 + 97 * seed) % 251) }
    let storage = HeapStorage(copying: bytes)
    guard let view = TensorView(shape: shape, scalarType: type, storage: storage, range: 0..<count) else {
      preconditionFailure("a sample tensor contradicts itself")
    }
    return view
  }
}
