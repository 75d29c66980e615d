/// The names of a manifest's columns, by Keras's parameter names.
///
/// Where a manifest has no column of a default name, those that data sets commonly have are looked for: `image`, `id`, `path`;
/// `label`, `breed`, `category`, `target`.
public struct ManifestColumns: Hashable, Sendable {
  /// `x_col`: the image's file, with or without its ending.
  public var file: String
  /// `y_col`: the image's class; nil where there are none.
  public var label: String?
  /// `weight_col`: the sample weight of the image; nil if all count alike.
  public var weight: String?
  /// What stands between the fields of a `.csv` or `.tsv` file; nil to find it by its first lines.
  public var separator: FieldSeparator?

  /// Keras's names by default.
  public init(
    file: String = "filename", label: String? = "class", weight: String? = nil,
    separator: FieldSeparator? = nil
  ) {
    self.file = file
    self.label = label
    self.weight = weight
    self.separator = separator
  }
}

extension ManifestColumns {
  /// Whether a listing has the columns that are asked for, classes or none.
  var areUsual: Bool { self == ManifestColumns() || self == ManifestColumns(label: nil) }

  /// What other data sets call the column of files, the surest first.
  private static let usualFiles = [
    "file", "fname", "image", "imagename", "imageid", "imageidx", "imagefile", "imagepath", "img", "imgname",
    "imgpath", "filepath",
    "path", "filepaths", "filenames", "images", "picture", "photo", "id", "isicid", "name",
  ]
  /// What other data sets call the column of classes, the surest first.
  private static let usualLabels = [
    "label", "classname", "labels", "classes", "breed", "category", "species", "target", "diagnosis",
    "classid", "labelname",
  ]

  /// Where the column of files is among names; nil where it is not.
  func index(ofFile names: [String]) -> Int? { Self.index(of: file, names, "filename", Self.usualFiles) }

  /// Where the column of classes is among names; nil where it is not, or none is asked for.
  func index(ofLabel names: [String]) -> Int? {
    label.flatMap { Self.index(of: $0, names, "class", Self.usualLabels) }
  }

  /// Where a name is among others: byte for byte, or else by its characters.
  static func place(of name: String, in names: [String]) -> Int? {
    names.firstIndex { $0.utf8.elementsEqual(name.utf8) } ?? names.firstIndex(of: name)
  }

  private static func index(of name: String, _ names: [String], _ normal: String, _ usual: [String]) -> Int? {
    if let index = place(of: name, in: names) { return index }
    guard name == normal else { return nil }
    let plain = names.map { $0.lowercased().filter { $0.isLetter } }
    return ([normal] + usual).lazy.compactMap { plain.firstIndex(of: $0) }.first
  }
}
