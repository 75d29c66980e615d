import Encoding
import Images

/// The images of folders, archives, manifests and files one after the other, as `Dataset(images:)` has them, handed out a folder at
/// a time: what is not handed out yet takes no memory, but for the images of manifests and of archives.
package struct ImageStream {
  /// What is listed, as a data set calls it.
  package let place: String
  package let source: Dataset.Source
  /// The names of the classes; empty without.
  package private(set) var classes: [String] = []
  /// Notes and warnings, complete once all images are handed out.
  package var diagnostics: [DatasetDiagnostic] { said + (current.map(\.diagnostics) ?? []) }

  private var current: Part?
  /// The next is the last.
  private var waiting: [Waiting] = []
  private var said: [DatasetDiagnostic] = []
  private var count = 0
  private let mayBeEmpty: Bool

  /// What images are called.
  private enum Naming {
    /// As they are inside what is listed.
    case own
    /// By their paths.
    case paths
    /// As they are inside, with this ahead.
    case below(String)
  }

  /// What is not listed yet.
  private enum Waiting {
    /// A folder, an archive, a manifest or a file.
    case place(String, Naming, ListingOptions, mostHeld: Int)
    case part(Part)
  }

  /// Images that are listed together.
  private struct Part {

    var images: FolderImages?
    var lines: PathLines?
    /// Those that are in memory.
    var ready: [Dataset.Item] = []
    var notes: [DatasetDiagnostic] = []
    var naming = Naming.own
    var keepsLabels = true

    var diagnostics: [DatasetDiagnostic] { notes + (images.map(\.diagnostics) ?? []) }

    init(_ images: FolderImages, _ naming: Naming, keepsLabels: Bool) {
      (self.images, self.naming, self.keepsLabels) = (images, naming, keepsLabels)
    }

    init(_ dataset: Dataset, _ naming: Naming, keepsLabels: Bool) {
      (ready, notes, self.naming, self.keepsLabels) = (
        dataset.items, dataset.diagnostics, naming, keepsLabels
      )
    }

    init(_ lines: PathLines) { self.lines = lines }

    mutating func next() throws(DatasetError) -> [Dataset.Item]? {
      if !ready.isEmpty {
        defer { ready = [] }
        return ready.map(renamed)
      }
      if let paths = try lines?.next() { return paths.map(Dataset.item) }
      return try images?.next()?.map(renamed)
    }

    private func renamed(_ item: Dataset.Item) -> Dataset.Item {
      let name =
        switch naming {
        case .own: item.name
        case .paths: item.path.escapingBytes
        case .below(let prefix): FolderWalk.join(prefix, item.name)
        }
      return item.labelled(keepsLabels ? item.label : nil, name: name)
    }
  }

  /// - Parameter mostHeld: how many files of folders to hold that are met before their turn; nil for the usual number.
  /// - Throws: what `Dataset(images:)` throws; here, or where the images are handed out.
  package init(
    of names: [String], _ options: ListingOptions, mostHeld: Int? = nil
  ) throws(DatasetError) {
    let most = mostHeld ?? WalkedFolders.mostHeld
    let place = names.joined(separator: ", ")
    var all: [String] = []
    for name in names { all += try BracePattern.names(of: name) ?? [name] }
    let names = all
    if names.count > 1, let images = try Dataset(archives: names, called: place, options) {
      self.init(images.place, images.source, images.classes, mayBeEmpty: !images.classes.isEmpty)
      current = Part(images, .own, keepsLabels: true)
      return
    }
    if names.count == 1, let found = try Self.byClass(names[0], options, most) {
      self = found
      return
    }
    self.init(place, .files, [], mayBeEmpty: false)
    let naming = names.count == 1 ? Naming.own : .paths
    waiting = names.reversed().map { .place($0, naming, options, mostHeld: most) }
  }

  /// Images by their paths.
  package init(paths lines: PathLines, place: String) {
    self.init(place, .files, [], mayBeEmpty: false)
    var lines = lines
    lines.place = place
    current = Part(lines)
  }

  private init(
    _ place: String, _ source: Dataset.Source, _ classes: [String], mayBeEmpty: Bool = true
  ) {
    (self.place, self.source, self.classes, self.mayBeEmpty) = (place, source, classes, mayBeEmpty)
  }

  /// The images of the next folder, perhaps none; nil after the last.
  ///
  /// - Throws: what listing throws; ``DatasetError/noImages(place:)`` where there are none at all and no classes either.
  package mutating func next() throws(DatasetError) -> [Dataset.Item]? {
    if current == nil, let next = waiting.popLast() {
      switch next {
      case .place(let path, let naming, let options, let most):
        current = try Self.flat(path, naming, options, most)
      case .part(let part): current = part
      }
    }
    guard current != nil else {
      guard count > 0 || mayBeEmpty else { throw .noImages(place: place) }
      return nil
    }
    guard let items = try current?.next() else {
      said += current?.diagnostics ?? []
      current = nil
      return try waiting.isEmpty ? next() : []
    }
    count += items.count
    return items
  }

  /// A folder or a manifest with images by class; nil for anything else.
  private static func byClass(
    _ path: String, _ options: ListingOptions, _ mostHeld: Int
  ) throws(DatasetError) -> ImageStream? {
    let kind = try ListedPlace(path)
    guard kind != .file else { return nil }
    // Nobody else has it open between the questions below.
    let archive = try FolderPlace.packed(path)
    defer { withExtendedLifetime(archive) {} }
    if options.classes == nil, let parts = try PartFolders(path) {
      return try ImageStream(parts, options, mostHeld)
    }
    guard kind == .folder else {
      let dataset = try Dataset.listing(path, options)
      guard options.classes != nil || !dataset.items.isEmpty else { return nil }
      var stream = ImageStream(dataset.place, dataset.source, dataset.classes)
      stream.current = Part(dataset, .own, keepsLabels: true)
      return stream
    }
    var images = try FolderImages(
      byClass: path, classes: options.classes, followsLinks: options.followsLinks,
      mayMiss: options.allowsMissingClasses, mostHeld: mostHeld)
    // Where images lie beside the folders, these are no classes.
    if options.classes == nil {
      guard !images.hasStrays, try !images.isEmpty else { return nil }
    }
    var stream = ImageStream(images.path, .folder, images.classes)
    stream.current = Part(images, .own, keepsLabels: true)
    return stream
  }

  /// All parts of a data set one after the other: training, validation and test images, each with the name of its part ahead of its
  /// own. They have classes where all parts have the same.
  private init(
    _ folders: PartFolders, _ options: ListingOptions, _ mostHeld: Int
  ) throws(DatasetError) {
    var parts: [(prefix: String, images: FolderImages)] = []
    for part in DatasetPart.allCases {
      guard let path = folders[part] else { continue }
      let prefix = String(path.dropFirst(folders.place.count).drop { $0 == "/" }).escapingBytes
      var images = try FolderImages(
        byClass: path, classes: options.classes, followsLinks: options.followsLinks, mayMiss: false,
        mostHeld: mostHeld)
      // A part of images that nobody sorted.
      if try images.isEmpty {
        images = try FolderImages(flat: path, followsLinks: options.followsLinks, mostHeld: mostHeld)
      }
      parts.append((prefix, images))
    }
    let classes = parts[0].images.classes
    let haveClasses = parts.allSatisfy { $0.images.classes == classes }
    self.init(folders.place, .folder, haveClasses ? classes : [])
    said = folders.diagnostics + (haveClasses ? [] : [.partsWithoutClasses(place: folders.place)])
    waiting = parts.reversed().map { prefix, images in
      .part(Part(images, .below(prefix), keepsLabels: haveClasses))
    }
  }

  /// All images of a folder, an archive or a manifest without their classes, or one file.
  private static func flat(
    _ path: String, _ naming: Naming, _ options: ListingOptions, _ mostHeld: Int
  ) throws(DatasetError) -> Part {
    switch try ListedPlace(path) {
    case .folder:
      return Part(
        try FolderImages(flat: path, followsLinks: options.followsLinks, mostHeld: mostHeld), naming,
        keepsLabels: false)
    case .manifest: return Part(try Dataset.listing(path, options), naming, keepsLabels: false)
    case .file:
      let item = Dataset.Item(location: try Dataset.location(of: path), name: path.escapingBytes, label: nil)
      return Part(Dataset(place: path, source: .files, items: [item]), .own, keepsLabels: false)
    }
  }
}
