import Dispatch
import Foundation
import ModelZoo
import Randomness
import Synchronization
import TestSupport
import Testing

@Suite("Features on disk")
struct FeatureCacheTests {
  /// A backbone, nine images and an empty cache.
  struct Place {
    let folder: URL
    let archive: String
    let backbone: Backbone
    let images: Dataset
    let cache: FeatureCache

    func backbone(_ change: (inout BackboneOptions) -> Void) throws -> Backbone {
      var options = BackboneOptions(size: 64)
      change(&options)
      return try Backbone(contentsOf: archive, options: options)
    }

    /// The features, and what the cache was good for.
    func features(
      _ backbone: Backbone? = nil, of images: Dataset? = nil, in cache: FeatureCache? = nil,
      variants: ImageVariants = .plain
    ) throws -> (FeatureTable, CacheUse) {
      let use = Mutex<CacheUse?>(nil)
      let options = ExtractionOptions(
        batchSize: 4, cache: cache ?? self.cache,
        observer: { event in if case .cached(let told) = event { use.withLock { $0 = told } } })
      let table = try (backbone ?? self.backbone).features(
        of: images ?? self.images, variants: variants, options: options)
      let told = use.withLock(\.self)
      return (table, try #require(told))
    }

    var files: [URL] {
      let found = FileManager.default.enumerator(
        at: URL(fileURLWithPath: cache.folder), includingPropertiesForKeys: nil)
      return (found?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "rows" }.sorted {
        $0.path < $1.path
      }
    }
  }

  /// Images no two of which are alike.
  private func draw(_ count: Int, to folder: URL) throws {
    for pattern in SyntheticImages.Pattern.allCases {
      let place = folder.appending(path: pattern.rawValue)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<count {
        let bitmap = SyntheticImages(seed: 1).bitmap(pattern, index: index, width: 70, height: 60)
        try Data(bitmap.png()).write(to: place.appending(path: "\(index).png"))
      }
    }
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let photos = folder.appending(path: "photos")
      try draw(3, to: photos)
      try body(
        Place(
          folder: folder, archive: archive,
          backbone: Backbone(contentsOf: archive, options: BackboneOptions(size: 64)),
          images: Dataset(images: [photos.path]),
          cache: FeatureCache(folder: folder.appending(path: "cache").path)))
    }
  }

  @Test func theSecondRunComputesNothing() throws {
    try withPlace { place in
      let plain = try place.backbone.features(of: place.images)
      let (cold, coldUse) = try place.features()
      let (warm, warmUse) = try place.features()
      #expect(cold.features == plain.features && warm.features == plain.features)
      #expect(warm.rows == plain.rows)
      #expect(coldUse == CacheUse(found: 0, computed: 9, failure: nil))
      #expect(warmUse == CacheUse(found: 9, computed: 0, failure: nil))
      let shelf = try #require(place.cache.shelves(verifying: true).first)
      #expect(shelf.rowCount == 9 && shelf.rowWidth == 512 && shelf.damagedRowCount == 0)
      #expect(shelf.context.contains("cut its end, pooling avg\ninput 64 x 64, nearest, rgb\n"))
    }
  }

  @Test func whatIsComputedOtherwiseIsNotFound() throws {
    try withPlace { place in
      _ = try place.features()
      let others = [
        try place.backbone { $0.pooling = .maximum }, try place.backbone { $0.interpolation = .bilinear },
        try place.backbone { $0.preprocessing = .tf }, try place.backbone { $0.colorMode = .grayscale },
        try place.backbone { $0.keepsAspectRatio = true }, try place.backbone { $0.isExact = true },
        try place.backbone { $0.width = 65 }, try place.backbone { $0.layer = "fire8/concat" },
        try place.backbone { $0.preprocessing = .rescaled(by: 0.5) },
        try place.backbone { $0.appliesOrientation = true },
      ]
      for (index, other) in others.enumerated() {
        #expect(try place.features(other).1.found == 0, "option \(index)")
      }
      #expect(try place.features().1.found == 9)
      let retrained = try SyntheticArchive.write("squeezenet", to: place.folder, seed: 2)
      let other = try Backbone(contentsOf: retrained, options: BackboneOptions(size: 64))
      #expect(try place.features(other).1.found == 0)
    }
  }

  @Test func theImagesBytesCountAndNotTheirNames() throws {
    try withPlace { place in
      _ = try place.features()
      let copy = place.folder.appending(path: "copy.png")
      try FileManager.default.copyItem(at: URL(fileURLWithPath: place.images.paths[0]), to: copy)
      #expect(try place.features(of: Dataset(images: [copy.path])).1.found == 1)
      try FileManager.default.removeItem(at: copy)
      let other = Bitmap(width: 70, height: 60, red: 1, green: 2, blue: 3)
      try Data(other.png()).write(to: URL(fileURLWithPath: place.images.paths[0]))
      let (table, use) = try place.features()
      #expect(use.found == 8 && use.computed == 1)
      #expect(try table.features == place.backbone.features(of: place.images).features)
    }
  }

  @Test func damageIsComputedAgainAndNeverTrusted() throws {
    try withPlace { place in
      let plain = try place.backbone.features(of: place.images).features
      _ = try place.features()
      let file = try #require(place.files.first)
      let intact = try [UInt8](Data(contentsOf: file))
      var generator = SplitMix64(seed: 11)
      let offsets = (0..<40).map { _ in Int(generator.nextUnit() * Double(intact.count)) }
      for offset in offsets + Array(0..<40) {
        var bytes = intact
        bytes[offset] ^= 1 << UInt8(generator.next() % 8)
        try place.cache.clear()
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        let (table, use) = try place.features()
        #expect(table.features == plain, "byte \(offset)")
        // Padding between head and rows says nothing; anything else costs a row, or all of them.
        #expect(use.computed + use.found == 9)
        if offset < 40 { #expect(use.computed == 9, "byte \(offset)") }
      }
      for count in [0, 7, 31, 32, 400, intact.count - 1] {
        try Data(intact.prefix(count)).write(to: file)
        #expect(try place.features().0.features == plain, "cut to \(count)")
      }
    }
  }

  @Test func aDamagedRowIsReplaced() throws {
    try withPlace { place in
      _ = try place.features()
      let file = try #require(place.files.first)
      var bytes = try [UInt8](Data(contentsOf: file))
      bytes[bytes.count - 5] ^= 0x10
      try Data(bytes).write(to: file)
      #expect(place.cache.shelves(verifying: true).map(\.damagedRowCount) == [1])
      #expect(try place.features().1 == CacheUse(found: 8, computed: 1, failure: nil))
      #expect(try place.features().1.found == 9)
    }
  }

  @Test func anyNumberMayUseItAtATime() throws {
    try withPlace { place in
      let plain = try place.backbone.features(of: place.images).features
      let results = Mutex<[Bool]>([])
      DispatchQueue.concurrentPerform(iterations: 6) { round in
        if round == 3 { _ = try? place.cache.clear() }
        let isRight = (try? place.features().0.features == plain) ?? false
        results.withLock { $0.append(isRight) }
      }
      #expect(results.withLock(\.self) == [Bool](repeating: true, count: 6))
      #expect(place.cache.shelves(verifying: true).allSatisfy { $0.damagedRowCount == 0 })
    }
  }

  /// Files of others stay, wherever they lie and whatever they are called; so do files that links lead to.
  @Test func clearingRemovesWhatACacheWroteAndNothingElse() throws {
    try withPlace { place in
      _ = try place.features()
      let shard = try #require(place.files.first)
      let (context, features) = (
        shard.deletingLastPathComponent(), shard.deletingLastPathComponent().deletingLastPathComponent()
      )
      let mine = features.appending(path: "mine")
      let manager = FileManager.default
      try manager.createDirectory(at: mine, withIntermediateDirectories: true)
      let shardName = String(repeating: "0a", count: 12) + ".rows"
      let foreign = [
        mine.appending(path: "doc.txt"), mine.appending(path: shardName),
        context.appending(path: "notes.rows"),
        context.appending(path: shardName), context.appending(path: "draft.tmp"),
      ]
      for file in foreign { try Data("mine".utf8).write(to: file) }
      let linked = place.cache.folder + "/elsewhere"
      try manager.createDirectory(atPath: linked, withIntermediateDirectories: true)
      try manager.copyItem(atPath: shard.path, toPath: linked + "/" + shard.lastPathComponent)
      let link = features.appending(path: String(repeating: "b", count: 32))
      try manager.createSymbolicLink(atPath: link.path, withDestinationPath: linked)
      let size = try Data(contentsOf: shard).count
      #expect(try place.cache.clear() == size)
      #expect(!manager.fileExists(atPath: shard.path))
      for file in foreign { #expect(manager.fileExists(atPath: file.path), "\(file.path)") }
      #expect(manager.fileExists(atPath: linked + "/" + shard.lastPathComponent))
      #expect(try place.cache.clear() == 0)
    }
  }

  @Test func clearingByManyAtATimeIsNoError() throws {
    try withPlace { place in
      for _ in 0..<20 {
        _ = try place.features()
        let errors = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
          do { try place.cache.clear() } catch { errors.withLock { $0.append("\(error)") } }
        }
        #expect(errors.withLock(\.self) == [])
        #expect(place.files.isEmpty)
      }
    }
  }

  @Test func whatWasNotUsedForLongestGoesFirst() throws {
    try withPlace { place in
      let rowBytes = 9 * 512 * 4
      let small = FeatureCache(folder: place.cache.folder, byteLimit: 3 * rowBytes)
      let backbones = try [64, 65, 66, 67].map { size in try place.backbone { $0.height = size } }
      for backbone in backbones.prefix(2) { _ = try place.features(backbone, in: small) }
      let old = Date(timeIntervalSinceNow: -1000)
      for file in place.files {
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: file.path)
      }
      #expect(try place.features(backbones[0], in: small).1.found == 9)
      for backbone in backbones.suffix(2) { _ = try place.features(backbone, in: small) }
      let found = try backbones.map { try place.features($0, in: small).1.found }
      #expect(found[1] == 0, "\(found)")
      let total = place.cache.shelves().reduce(0) { $0 + $1.byteCount }
      #expect(total <= 3 * rowBytes + 9000)
      #expect(try place.cache.clear() > 0)
      #expect(place.files.isEmpty && place.cache.shelves().isEmpty)
    }
  }

  @Test func aCacheThatCannotBeWrittenStopsNothing() throws {
    try withPlace { place in
      try Data().write(to: URL(fileURLWithPath: place.cache.folder))
      let (table, use) = try place.features()
      #expect(try table.features == place.backbone.features(of: place.images).features)
      #expect(use.computed == 9 && use.failure?.contains("features cannot be cached") == true)
    }
  }

  @Test func smallFilesArePutTogether() throws {
    try withPlace { place in
      for path in place.images.paths {
        _ = try place.features(of: Dataset(images: [path]))
        #expect(place.files.count <= 9)
      }
      #expect(place.files.count <= 2)
      #expect(try place.features().1.found == 9)
    }
  }

  /// A run that is cut short after hours must not begin again.
  @Test func rowsAreWrittenWhileOthersAreComputed() throws {
    try withPlace { place in
      var hasty = place.cache
      hasty.writingInterval = .zero
      _ = try place.features(in: hasty)
      #expect(place.files.count == 9)
      #expect(try place.features().1 == CacheUse(found: 9, computed: 0))
      try FileManager.default.removeItem(atPath: place.cache.folder)
      _ = try place.features()
      #expect(place.files.count == 1)
    }
  }

  @Test func aTrainedModelFindsWhatItsBackboneComputed() throws {
    try withPlace { place in
      let folder = try Dataset(folder: place.folder.appending(path: "photos").path)
      let options = ExtractionOptions(cache: place.cache)
      let model = try place.backbone.train(
        Head { Dense(3, activation: .softmax) }, on: folder, options: TrainingOptions(fit: .epochs(1)),
        extraction: options)
      let path = place.folder.appending(path: "model.zoo.safetensors").path
      try model.save(to: path)
      let loaded = try TrainedModel(contentsOf: path)
      #expect(try place.features(loaded.backbone).1.found == 9)
    }
  }
}
