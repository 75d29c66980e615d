import ModelZoo
import Reports

/// What `zoo inspect` says of an archive, or of any safetensors file.
struct ArchiveView {
  private let archive: Archive
  private let model: TrainedModelDescription?

  init(_ archive: Archive, _ model: TrainedModelDescription? = nil) {
    self.archive = archive
    self.model = model
  }

  func lines(_ listsTensors: Bool) -> [String] {
    var lines = [
      "\(archive.path): \(kind), \(archive.byteCount.grouped) bytes, \(counted(archive.tensors.count, "tensor")),"
        + " \(valueCount.grouped) values (\(Self.types(of: archive)))"
    ]
    if let manifest = archive.manifest {
      lines.append("  format \(manifest.version), written by \(manifest.producer)")
      let role = FileRole(archive.path)
      let isCheckpoint = role == .checkpoint || role == .resumption
      lines += manifest.source.map(Self.lines) ?? (isCheckpoint ? [] : ["  not converted from a file"])
      if let model { lines += TrainedModelView(model).lines }
      if role == .resumption {
        lines.append("  a checkpoint that only resumes its training (zoo train --resume)")
      }
      lines.append("  sections: \(manifest.sections.keys.sorted().joined(separator: ", "))")
    } else {
      lines.append(
        archive.featureRowCount.map {
          "  features of \(counted($0, "image")): one row per image; no checksums"
        }
          ?? "  no manifest: neither checksums nor a network")
    }
    guard listsTensors else { return lines }
    return lines + Self.lines(archive.tensors)
  }

  private static func lines(_ source: Provenance) -> [String] {
    var lines = [
      "  converted from \(source.fileName), \(source.digests.byteCount.grouped) bytes",
      "  MD5 of that file: \(source.digests.md5)", "  SHA-256 of that file: \(source.digests.sha256)",
    ]
    if let era = source.era { lines.append("  era: \(era)") }
    lines += source.details.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    if let licence = source.licence { lines.append("  licence of the weights: \(licence)") }
    if let attribution = source.attribution { lines.append("  paper: \(attribution)") }
    return lines
  }

  /// A line a tensor.
  static func lines(_ tensors: [TensorDeclaration]) -> [String] {
    tensors.map { "  \($0.name) \($0.shape) \($0.scalarType.rawValue)" }
  }

  /// How many tensors there are of each type: `54 F16, 264 F32`; only the type where there is one.
  static func types(of archive: Archive) -> String {
    let types = archive.scalarTypes
    guard types.count > 1 else { return types.first?.type.rawValue ?? "no types" }
    return types.map { "\($0.tensors) \($0.type.rawValue)" }.joined(separator: ", ")
  }

  static func typesJSON(of archive: Archive) -> JSON {
    .object(archive.scalarTypes.map { (name: $0.type.rawValue, value: .integer($0.tensors)) })
  }

  private var kind: String { archive.manifest == nil ? "plain safetensors" : "an archive" }

  private var valueCount: Int { archive.tensors.reduce(0) { $0 + $1.shape.elementCount } }

  func json(_ listsTensors: Bool) -> JSON {
    var fields: [(name: String, value: JSON)] = [
      ("file", .string(archive.path)), ("kind", .string(archive.manifest == nil ? "safetensors" : "archive")),
      ("bytes", .integer(archive.byteCount)), ("tensorCount", .integer(archive.tensors.count)),
      ("values", .integer(valueCount)), ("dtypes", Self.typesJSON(of: archive)),
    ]
    if let manifest = archive.manifest {
      fields.append(("format", .string("\(manifest.version)")))
      fields.append(("producer", .string(manifest.producer)))
      fields.append(("source", manifest.source.map(Self.json) ?? .null))
      fields.append(("sections", .array(manifest.sections.keys.sorted().map(JSON.string))))
    }
    fields.append(("model", model.map { TrainedModelView($0).json } ?? .null))
    if listsTensors { fields.append(("tensors", Self.json(archive.tensors))) }
    return JSON.object(fields)
  }

  static func json(_ tensors: [TensorDeclaration]) -> JSON {
    .array(
      tensors.map { tensor in
        [
          "name": .string(tensor.name), "dtype": .string(tensor.scalarType.rawValue),
          "shape": .array(tensor.shape.dimensions.map(JSON.integer)),
        ]
      })
  }

  private static func json(_ source: Provenance) -> JSON {
    let details = source.details.sorted { $0.key < $1.key }
    return [
      "file": .string(source.fileName), "bytes": .integer(source.digests.byteCount),
      "md5": .string(source.digests.md5), "sha256": .string(source.digests.sha256), "era": JSON(source.era),
      "licence": JSON(source.licence), "attribution": JSON(source.attribution),
      "details": JSON.object(details.map { (name: $0.key, value: .string($0.value)) }),
    ]
  }
}
