import Encoding

/// How a manifest was read, as far as nobody said it and it is not what manifests of its kind usually are.
public struct ManifestForm: Hashable, Sendable {
  /// What stands between its fields; nil for what its name says.
  public internal(set) var separator: FieldSeparator?
  /// Whether it has a line of column names.
  public internal(set) var hasNames = true
  /// The column of files; nil for the one that was asked for.
  public internal(set) var file: String?
  /// The column of classes, or the columns that are classes; empty for the one that was asked for, and for none.
  public internal(set) var labels: [String] = []

  init() {}

  init(_ layout: ManifestLayout, _ columns: ManifestColumns) {
    let label: String? =
      if case .column(let index) = layout.label { layout.names[index] } else { nil }
    self.init(file: layout.names[layout.file], label: label, columns)
    hasNames = layout.hasNames
    if case .oneOf(let flags) = layout.label { labels = flags.map { layout.names[$0] } }
  }

  init(file: String, label: String?, _ columns: ManifestColumns) {
    self.file = file == columns.file ? nil : file.escapingBytes
    labels = label == columns.label ? [] : [label].compactMap { $0?.escapingBytes }
  }

  /// Whether there is nothing to say.
  var isUsual: Bool { self == ManifestForm() }

  /// What there is to say, as the rest of a sentence.
  var words: String {
    let parts = [
      separator.map { "\($0.words) between the fields" },
      hasNames ? nil : "no line of column names",
      file.map { "files in column \(Self.quoted($0))" },
      labels.isEmpty
        ? nil
        : labels.count == 1
          ? "classes in column \(Self.quoted(labels[0]))"
          : "the columns that have one 1 are the classes: \(DatasetError.list(labels))",
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }

  /// Numbers of columns stand by themselves.
  private static func quoted(_ name: String) -> String { Int(name) == nil ? "'\(name)'" : name }
}
