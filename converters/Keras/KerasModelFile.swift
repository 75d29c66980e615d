package import Catalog
import Encoding
import Files
package import Tensors

/// A whole model as Keras 3 saves it, `.keras`: a zip archive of the architecture and the weights.
package struct KerasModelFile: Sendable {
  private let architecture: String
  private let weights: VariableWeightFile
  private let preprocessing: Preprocessing?

  /// The version of Keras whose files these are alike.
  private static let kerasVersion = "3.0.0"
  private static let pieceByteCount = 1 << 20

  /// - Parameters:
  ///   - architecture: what `model.to_json()` says of the model.
  ///   - weights: those of its layers.
  ///   - preprocessing: how pixels are scaled before it, which Keras does not ask; written where its mode has a name.
  package init(architecture: String, weights: VariableWeightFile, preprocessing: Preprocessing? = nil) {
    (self.architecture, self.weights, self.preprocessing) = (architecture, weights, preprocessing)
  }

  /// Whether a file says this preprocessing.
  package static func says(_ preprocessing: Preprocessing) -> Bool {
    Preprocessing.named[preprocessing.label] == preprocessing
  }

  /// Writes the file, complete or not at all.
  ///
  /// - Parameters:
  ///   - path: where. The weights are a file beside it until they are part of it.
  ///   - values: the numbers of a parameter.
  ///   - written: told after every tensor which it was. What it throws ends the work.
  /// - Throws: `HDF5Error`, `FileError`, and what `values` and `written` throw.
  package func write(
    to path: String, values: (Parameter) throws -> [Float], written: (Parameter) throws -> Void
  ) throws {
    var metadata: [(name: String, value: JSON)] = [("keras_version", .string(Self.kerasVersion))]
    if let preprocessing, Self.says(preprocessing) {
      metadata.append((KerasArchive.preprocessing, .string(preprocessing.label)))
    }
    let text = JSON.object(metadata).compact
    try AtomicFile.write(to: path) { sink in
      var archive = ZipWriter(sink)
      try archive.add(KerasArchive.metadata, Array(text.utf8))
      try archive.add(KerasArchive.configuration, Array(architecture.utf8))
      try AtomicFile.withScratchFile(beside: path) { scratch in
        try weights.write(at: scratch, for: path, values: values, written: written)
        let file = try FileBytes(path: scratch)
        try archive.add(KerasArchive.weights, byteCount: file.byteCount, alignment: 8) { write in
          for start in stride(from: 0, to: file.byteCount, by: Self.pieceByteCount) {
            let count = min(Self.pieceByteCount, file.byteCount - start)
            try file.bytes(at: start, count: count).withRawSpan { try write($0) }
          }
        }
      }
      try archive.finish()
    }
  }
}
