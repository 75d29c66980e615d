public import Tensors

extension Archive {
  /// Writes the archive again with its floating-point numbers stored as `type`: `float16` and `bfloat16` take half the
  /// space. Numbers are rounded to the nearest value, ties to even; every checksum is verified.
  ///
  /// Half precision is for kernels; biases and the statistics of normalisations stay `float32`. All texts the
  /// archive carries stay, and its provenance notes the type.
  ///
  /// - Parameters:
  ///   - path: where to write it; not the file that is read.
  ///   - type: `float32`, `float16` or `bfloat16`.
  ///   - producer: the program that writes, for the manifest.
  ///   - progress: told of every tensor how many values it has.
  /// - Throws: ``ArchiveError/unrepresentable(path:tensor:type:value:)`` for a number that would become infinite;
  ///   ``ArchiveError/invalidContents(path:place:expected:found:)`` for a safetensors file without a manifest.
  public func write(
    to path: String, as type: ScalarType, producer: String = Release.producer,
    progress: (Int) -> Void = { _ in }
  ) throws {
    guard let manifest else {
      throw ArchiveError.invalidContents(
        path: self.path, place: "manifest", expected: "an archive that a conversion wrote",
        found: "plain safetensors")
    }
    var source = manifest.source
    source?.details[Self.storedAs] = type.rawValue
    let changed = Manifest(producer: producer, source: source, sections: manifest.sections)
    try ArchiveWriter.write(to: path, manifest: changed, copying: self, as: type, progress: progress)
  }

  /// The detail of a provenance that names the type kernels were rounded to.
  package static let storedAs = "storedAs"

  /// How many tensors there are of each type, the most frequent first: `54 F16, 264 F32`.
  public var scalarTypes: [(type: ScalarType, tensors: Int)] {
    Dictionary(grouping: tensors, by: \.scalarType).map { (type: $0.key, tensors: $0.value.count) }
      .sorted { ($1.tensors, $0.type.rawValue) < ($0.tensors, $1.type.rawValue) }
  }
}
