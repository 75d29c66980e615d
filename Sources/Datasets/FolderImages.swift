import Encoding

/// The images of a folder or an archive as a data set has them, class by class, handed out a folder at a time.
struct FolderImages {
  /// What is listed.
  let path: String
  /// The classes; empty where none were asked for.
  let classes: [String]
  /// Whether images lie beside the folders of the classes.
  private(set) var hasStrays = false

  /// The folders of the classes that are still to be listed, the next one last.
  private var waiting: [(label: Int?, name: String, folder: String)] = []
  private var current: (label: Int?, name: String, folders: WalkedFolders)?
  /// Images that are listed already.
  private var ready: [Dataset.Item] = []
  private let walk: FolderWalk
  private let mostHeld: Int
  private var omissions = Omissions()
  /// What stands ahead of and behind the words on what was left out.
  private var notes: (before: [DatasetDiagnostic], after: [DatasetDiagnostic]) = ([], [])

  /// All notes and warnings, complete once all images are handed out.
  var diagnostics: [DatasetDiagnostic] { notes.before + omissions.diagnostics(of: path) + notes.after }

  /// The images of each class; see `Dataset.init(folder:classes:followsLinks:allowsMissingClasses:)`.
  init(
    byClass path: String, classes wanted: [String]?, followsLinks: Bool, mayMiss: Bool,
    mostHeld: Int = WalkedFolders.mostHeld
  ) throws(DatasetError) {
    let place = try FolderPlace(path, classes: wanted)
    (self.path, walk, self.mostHeld) = (place.path, place.walk(followsLinks: followsLinks), mostHeld)
    let level = try walk.subfolders(of: place.path)
    if level.shown.isEmpty, let samples = try LabelledSamples(place, walk) {
      let dataset = try Dataset(samples, in: place, classes: wanted, mayMiss: mayMiss)
      (classes, ready, notes.before) = (dataset.classes, dataset.items, dataset.diagnostics)
      return
    }
    if level.shown.isEmpty, level.images.isEmpty { try place.refuseArchivesAlone() }
    // Classes and images are called by what people are shown; files are opened by what they are called.
    let shown = level.shown.map(\.escapingBytes)
    classes = wanted ?? shown
    let inner = try Self.found(level, shown, wanted, place.path, walk, mayMiss)
    let folders = NamedValues((level.shown + level.hidden).map { (name: $0.escapingBytes, value: $0) })
    waiting = classes.enumerated().compactMap { label, name in folders[name].map { (label, name, $0) } }
      .reversed()
    omissions = level.omissions
    omissions.hiddenFolders.subtract(wanted ?? [])
    hasStrays = !level.images.isEmpty
    let named = wanted == nil ? DatasetDiagnostic.partNames(classes, in: place.path) : []
    notes = (place.diagnostics + inner + named, DatasetDiagnostic.stray(level.images, in: place.path))
  }

  /// All images below a folder, without classes.
  init(
    flat path: String, followsLinks: Bool, mostHeld: Int = WalkedFolders.mostHeld
  ) throws(DatasetError) {
    let place = try FolderPlace(path)
    (self.path, walk, classes) = (place.path, place.walk(followsLinks: followsLinks), [])
    self.mostHeld = mostHeld
    notes.before = place.diagnostics
    current = (nil, "", try WalkedFolders(walk, below: place.path, mostHeld: mostHeld))
  }

  /// Says which classes of those wanted are not there; refuses a folder around them.
  private static func found(
    _ level: FolderWalk.Level, _ shown: [String], _ wanted: [String]?, _ path: String, _ walk: FolderWalk,
    _ mayMiss: Bool
  ) throws(DatasetError) -> [DatasetDiagnostic] {
    if let wanted, shown.count == 1, !wanted.contains(shown[0]), let inner = walk.innerFolder(of: path),
      !Set(wanted).isDisjoint(with: inner.names.map(\.escapingBytes))
    {
      throw .wrapped(place: path, inner: inner.path, found: inner.names.map(\.escapingBytes))
    }
    let hidden = Set(level.hidden.map(\.escapingBytes)).filter { wanted?.contains($0) == true }
    return try Dataset.check(classes: wanted ?? shown, among: shown + hidden, of: path, mayMiss: mayMiss)
  }

  /// Whether there is no image at all.
  var isEmpty: Bool {
    mutating get throws(DatasetError) {
      while ready.isEmpty {
        guard let next = try listNext() else { return true }
        ready = next
      }
      return false
    }
  }

  /// The images of the next folder, perhaps none; nil after the last.
  mutating func next() throws(DatasetError) -> [Dataset.Item]? {
    guard ready.isEmpty else {
      defer { ready = [] }
      return ready
    }
    return try listNext()
  }

  private mutating func listNext() throws(DatasetError) -> [Dataset.Item]? {
    if current == nil, let (label, name, folder) = waiting.popLast() {
      let root = FolderWalk.join(path, folder)
      current = (label, name, try WalkedFolders(walk, below: root, mostHeld: mostHeld))
    }
    guard let (label, name, _) = current else { return nil }
    guard let images = try current?.folders.next() else {
      if let left = current?.folders.omissions { omissions.add(name.isEmpty ? left : left.inside(name)) }
      current = nil
      return waiting.isEmpty ? nil : []
    }
    return images.map { image in
      let own = image.name.escapingBytes
      return Dataset.Item(
        location: image.location, name: name.isEmpty ? own : FolderWalk.join(name, own), label: label)
    }
  }
}

extension Dataset {
  /// All images of a folder, in memory.
  init(_ images: FolderImages) throws(DatasetError) {
    var images = images
    var items: [Item] = []
    while let next = try images.next() { items += next }
    self.init(
      place: images.path, source: .folder, classes: images.classes, items: items,
      diagnostics: images.diagnostics)
  }
}
