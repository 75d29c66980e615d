import Foundation
import ModelZoo
import TestSupport
import Testing

/// Features in place of images: the same split, the same head, the same bits.
@Suite struct FeatureSetTests {
  struct Place {
    let folder: URL
    let archive: String
    let backbone: Backbone
    let images: Dataset
    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The features as one file, in `count` shards, or as the shards put together.
    func shards(_ count: Int) throws -> String {
      let folder = path("shards-\(count)")
      for index in 0..<count {
        try backbone.writeShard(Shard(index, of: count), of: images, to: folder).wait()
      }
      return folder
    }

    func file(_ name: String) throws -> String {
      try backbone.writeFeatures(of: images, to: path(name)).wait()
      return path(name)
    }
  }

  /// Six images of each of three classes, and in between some that cannot be read.
  static func withPlace(
    bad: [String] = ["discs/1a.png", "noise/0a.png"], _ body: (Place) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 6)
      for name in bad { try Data("no image".utf8).write(to: photos.appending(path: name)) }
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      try body(
        Place(
          folder: folder, archive: archive,
          backbone: try Backbone(contentsOf: archive, options: BackboneOptions(size: 64)),
          images: try Dataset(folder: photos.path)))
    }
  }

  /// What is in the file of a model, but for the digests of the images: features have none.
  private func contents(_ model: TrainedModel, _ place: Place) throws -> (
    tensors: [String: Tensor], sections: [String: String]
  ) {
    let path = place.path("model.zoo.safetensors")
    try model.save(to: path)
    let archive = try Archive(contentsOf: path)
    var sections = try #require(archive.manifest).sections
    sections["training_images"] = nil
    let tensors = try archive.names.map { ($0, try archive.values(of: $0)) }
    return (Dictionary(uniqueKeysWithValues: tensors), sections)
  }

  private func expectSame(_ one: TrainedModel, _ other: TrainedModel, _ place: Place, _ what: String) throws {
    let (own, theirs) = (try contents(one, place), try contents(other, place))
    #expect(own.tensors == theirs.tensors, "\(what)")
    #expect(own.sections == theirs.sections, "\(what)")
    #expect(one.record?.outputs == other.record?.outputs && one.record?.evaluated == other.record?.evaluated)
    #expect(one.learntImages?.holdback == other.learntImages?.holdback)
  }

  @Test(arguments: [
    "dense(3, softmax)", "dense(8, relu), dropout(0.3), dense(3, softmax)",
    "batch_normalization, dense(3, softmax)",
  ])
  func epochsComeToTheSameAsFromImages(head: String) throws {
    try Self.withPlace { place in
      let options = TrainingOptions(fit: .epochs(3, batchSize: 4), seed: 5)
      let method = ValidationSplit(fraction: 0.34, seed: 5)
      let head = try Head(head)
      let wanted = try place.backbone.train(head, on: place.images.split(by: method), options: options)
      #expect(wanted.skipped.count == 2)
      let paths = try [1, 3, 10].map(place.shards) + [place.file("whole.safetensors")]
      try FeatureShards(folder: paths[1]).merge(to: place.path("merged.safetensors")).wait()
      for path in paths + [place.path("merged.safetensors")] {
        let set = try FeatureSet(contentsOf: path)
        #expect(set.count == 18 && set.shape == [18, 512] && set.saysHowItWasComputed)
        let backbone = try Backbone(contentsOf: place.archive, of: set)
        let split = try FeatureSplit(training: set, holdback: method)
        try expectSame(backbone.train(head, on: split, options: options), wanted, place, path)
      }
    }
  }

  @Test func linearFitsComeToTheSame() throws {
    try Self.withPlace { place in
      let method = ValidationSplit(fraction: 0.34, seed: 2)
      for strength in [LinearFit.Strength.fixed(1), .crossValidated(candidates: [0.1, 1], folds: 3)] {
        let options = TrainingOptions(fit: .linear(LinearFit(strength: strength)), seed: 2)
        let head = try Head("dense(3, softmax)")
        let wanted = try place.backbone.train(head, on: place.images.split(by: method), options: options)
        for path in [try place.shards(3), try place.file("whole.safetensors")] {
          let split = try FeatureSplit(training: FeatureSet(contentsOf: path), holdback: method)
          let model = try place.backbone.train(head, on: split, options: options)
          try expectSame(model, wanted, place, path)
          #expect(
            model.fit?.objective == wanted.fit?.objective && model.fit?.strength == wanted.fit?.strength)
        }
      }
    }
  }

  /// A loss of such features is no number: they are refused, with how many rows have them.
  @Test func featuresThatAreNotFiniteAreNotMeasured() throws {
    try Self.withPlace { place in
      let path = try place.file("features.npy")
      let options = TrainingOptions(fit: .epochs(1), seed: 5)
      let model = try place.backbone.train(
        Head("dense(3, softmax)"), on: FeatureSplit(training: FeatureSet(contentsOf: path)), options: options)
      #expect(try model.evaluate(on: FeatureSet(contentsOf: path))["loss"]?.isFinite == true)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      for (row, value) in [(2, Float.nan), (17, -.infinity)] {
        let start = bytes.count - 4 * 512 * (18 - row)
        bytes.replaceSubrange(
          start..<start + 4, with: (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) })
      }
      try bytes.write(to: URL(fileURLWithPath: path))
      let expected = TrainingError.setting(
        name: "features", expected: "finite numbers", found: "2 of 18 rows with others in \(path)")
      #expect(throws: expected) { try model.evaluate(on: FeatureSet(contentsOf: path)) }
    }
  }

  @Test func everySplitDealsTheSameRows() throws {
    try Self.withPlace { place in
      let set = try FeatureSet(contentsOf: place.shards(3))
      let methods =
        SplitRule.allCases.map { ValidationSplit(fraction: 0.3, rule: $0, seed: 9) } + [
          ValidationSplit(trainingCount: 11, seed: 9)
        ]
      let lost = Set(["discs/1a.png", "noise/0a.png"])
      for method in methods {
        let (own, wanted) = (
          try FeatureSplit(training: set, holdback: method), try place.images.split(by: method)
        )
        for (part, images) in wanted.parts {
          let names = images.items.map(\.name).filter { !lost.contains($0) }
          #expect(own[part]?.rows.files == names, "\(method)")
          #expect(own.images[part]?.items.map(\.label) == images.items.map(\.label), "\(method)")
        }
        #expect(own.images.foundLines == wanted.foundLines)
        let table = try place.backbone.features(of: wanted.training)
        try own.training.withRows(0..<own.training.count) { numbers in
          #expect(numbers.indices.allSatisfy { numbers[$0] == table.features.scalars[$0] })
        }
      }
    }
  }

  @Test func numPyArraysWithTheirTableTrainToo() throws {
    try Self.withPlace(bad: []) { place in
      let method = ValidationSplit(fraction: 0.34, seed: 1)
      let (head, options) = (try Head("dense(3, softmax)"), TrainingOptions(fit: .epochs(2), seed: 1))
      let wanted = try place.backbone.train(head, on: place.images.split(by: method), options: options)
      let set = try FeatureSet(contentsOf: place.file("f.npy"))
      #expect(!set.saysHowItWasComputed)
      let split = try FeatureSplit(training: set, holdback: method)
      let backbone = try Backbone(contentsOf: place.archive, of: set, options: BackboneOptions(size: 64))
      try expectSame(backbone.train(head, on: split, options: options), wanted, place, "npy")
      let error = #expect(throws: FeatureFileError.self) {
        try Backbone(contentsOf: place.archive, of: set, options: BackboneOptions(size: 64, pooling: .none))
      }
      #expect(
        error?.description.contains("expected rows (3, 3, 512), found (512,)") == true, "\(error as Any)")
    }
  }

  @Test func aFurtherTrainingAndACheckpointAreTheSame() throws {
    try Self.withPlace { place in
      let method = ValidationSplit(fraction: 0.34, seed: 3)
      let images = try place.images.split(by: method)
      let split = try FeatureSplit(training: FeatureSet(contentsOf: place.shards(3)), holdback: method)
      let options = TrainingOptions(fit: .epochs(2), seed: 3)
      let first = try place.backbone.train(Head("dense(3, softmax)"), on: images, options: options)
      let (one, other) = (
        try first.train(on: split, options: options), try first.train(on: images, options: options)
      )
      try expectSame(one, other, place, "further")
      // What was learnt before is known, what was learnt from features is not.
      #expect(one.learntImages?.count == first.learntImages?.count)
    }
  }

  @Test func partsOfADataSetAreDealtByTheirFolders() throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      for part in ["train", "val", "test"] {
        try DrawnImages.write(to: photos.appending(path: part), perClass: 2)
      }
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
      let path = folder.appending(path: "f.safetensors").path
      try backbone.writeFeatures(of: Dataset(images: [photos.path]), to: path).wait()
      let set = try FeatureSet(contentsOf: path)
      let split = try FeatureSplit(training: set)
      #expect(split.parts.map(\.features.count) == [6, 6, 6])
      #expect(split.validation?.rows.files.allSatisfy { $0.hasPrefix("val/") } == true)
      #expect(throws: DatasetError.twoValidations(place: path)) {
        try FeatureSplit(training: set, holdback: ValidationSplit(fraction: 0.5))
      }
    }
  }
}

/// What features are refused for, in words.
extension FeatureSetTests {
  @Test func featuresOfAnotherBackboneAreRefused() throws {
    try Self.withPlace { place in
      let set = try FeatureSet(contentsOf: place.file("f.safetensors"))
      let other = try SyntheticArchive.write(
        "squeezenet", to: place.folder.appending(path: "photos"), seed: 77)
      let error = #expect(throws: FeatureFileError.self) { try Backbone(contentsOf: other, of: set) }
      let words = try #require(error).description
      #expect(
        words.hasPrefix("\(place.path("f.safetensors")): not the features of \(other): expected weights "))
      #expect(words.contains(", found weights "), "\(words)")
      let large = try Backbone(contentsOf: place.archive, options: BackboneOptions(size: 96))
      let split = try FeatureSplit(training: set)
      let size = #expect(throws: FeatureFileError.self) {
        try large.train(Head("dense(3, softmax)"), on: split)
      }
      #expect(
        try #require(size).description.contains("expected input 96 x 96, nearest, rgb, found input 64 x 64"))
    }
  }

  @Test func whatNeedsImagesIsRefused() throws {
    try Self.withPlace { place in
      let path = try place.file("f.safetensors")
      let split = try FeatureSplit(training: FeatureSet(contentsOf: path))
      var augmented = TrainingOptions()
      augmented.augmentation.horizontalFlip = true
      #expect(throws: FeatureFileError.needsImages(path: path, purpose: "data augmentation")) {
        try place.backbone.train(Head("dense(3, softmax)"), on: split, options: augmented)
      }
      var tuned = TrainingOptions()
      tuned.fineTuning = FineTuning(.all)
      #expect(throws: FeatureFileError.needsImages(path: path, purpose: "training layers of the backbone")) {
        try place.backbone.train(Head("dense(3, softmax)"), on: split, options: tuned)
      }
      let variants = place.path("variants.safetensors")
      var flips = Augmentation()
      flips.horizontalFlip = true
      try place.backbone.writeFeatures(
        of: place.images, to: variants, variants: ImageVariants(flips, seed: 1, numbers: 0..<2)
      ).wait()
      #expect(throws: FeatureFileError.variants(path: variants, count: 2)) {
        try Backbone(contentsOf: place.archive, of: FeatureSet(contentsOf: variants))
      }
    }
  }

  @Test func featuresWithoutClassesAreRefused() throws {
    try Self.withPlace { place in
      let path = place.path("f.npy")
      try place.backbone.writeFeatures(of: place.images.withoutClasses, to: path).wait()
      let set = try FeatureSet(contentsOf: path)
      #expect(throws: FeatureFileError.unlabelled(path: path)) { try FeatureSplit(training: set) }
      #expect(throws: FeatureFileError.unlabelled(path: path)) { try set.selecting(classes: ["a"]) }
    }
  }

  /// The names of a file lead nowhere: a report, or a look for copies, reads none of them.
  @Test func namesOfRowsAreNotFollowed() throws {
    try Self.withPlace { place in
      let split = try FeatureSplit(training: FeatureSet(contentsOf: place.file("f.safetensors")))
      #expect(split.images.training.items.contains { $0.name == "discs/0.png" })
      #expect(split.images.training.copies(of: place.images).isEmpty)
      let item = try #require(split.images.training.items.first)
      #expect(throws: ImageError.self) { try Bitmap(contentsOf: item.location) }
      let model = try place.backbone.train(
        Head("dense(3, softmax)"), on: split, options: TrainingOptions(fit: .epochs(1)))
      let page = try #require(TrainingReport(on: model)).html()
      #expect(page.contains("It was trained on features") && !page.contains("<img"))
    }
  }

  @Test func rowsAreReadFromManyShardsAndOtherTypes() throws {
    try Self.withPlace { place in
      // More files than are kept open, most of them without an image.
      let set = try FeatureSet(contentsOf: place.shards(300))
      let whole = try FeatureTable(contentsOf: place.file("f.npy"))
      #expect(try FeatureTable(contentsOf: place.path("shards-300")).features == whole.features)
      for range in [0..<0, 0..<1, 5..<9, 17..<18, 0..<18] {
        try set.withRows(range) { numbers in
          #expect(numbers.count == range.count * 512)
          #expect(
            numbers.indices.allSatisfy { numbers[$0] == whole.features.scalars[range.lowerBound * 512 + $0] })
        }
      }
    }
  }

  @Test func aFileThatIsCutOrChangedIsAnErrorInWords() throws {
    try Self.withPlace { place in
      let path = try place.file("f.safetensors")
      let split = try FeatureSplit(training: FeatureSet(contentsOf: path))
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: 20_000)
      for fit in [Fit.epochs(1), .linear(LinearFit(strength: .fixed(1)))] {
        let error = #expect(throws: TrainingError.self) {
          try place.backbone.train(
            Head("dense(3, softmax)"), on: split, options: TrainingOptions(fit: fit))
        }
        #expect(
          error?.description.contains("features: cannot be read back from the disk: \(path)") == true,
          "\(error as Any)")
      }
    }
  }

  @Test func classesAreThoseOfAModelInItsOrder() throws {
    try Self.withPlace { place in
      let set = try FeatureSet(contentsOf: place.file("f.safetensors"))
      let chosen = try set.selecting(classes: ["stripes", "absent", "discs"])
      #expect(chosen.count == 12 && chosen.rows.classNames == ["stripes", "absent", "discs"])
      #expect(
        zip(chosen.rows.files, chosen.rows.labels).allSatisfy { file, label in
          file.hasPrefix("\(chosen.rows.classNames[label])/")
        })
      #expect(throws: DatasetError.self) { try set.selecting(classes: ["others"]) }
    }
  }

  /// A file of one row of two numbers, whose images without a row and origin are as a stranger has them.
  private func write(_ path: String, skipped: [Int64], origin: String?) throws {
    var metadata = ["files": "[\"a\"]", "class_names": "[\"x\",\"y\"]"]
    metadata["origin"] = origin
    let count = skipped.count / 2
    let tensors = """
      "features":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"labels":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},\
      "skipped":{"dtype":"I64","shape":[\(count),2],"data_offsets":[16,\(16 + 16 * count)]}}
      """
    let header = try Array(("{\"__metadata__\":" + Self.json(metadata) + "," + tensors).utf8)
    var data = Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header)
    data.append(Data(repeating: 0, count: 16))
    for number in skipped {
      data.append(Data((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }))
    }
    try data.write(to: URL(fileURLWithPath: path))
  }

  private static func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }

  @Test func filesThatLieAreErrors() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "f.safetensors").path
      try write(path, skipped: [0, 1, 2, 0], origin: nil)
      #expect(try FeatureSplit(training: FeatureSet(contentsOf: path)).images.training.items.count == 3)
      for skipped: [Int64] in [
        [3, 0, 4, 0], [-1, 0], [.min, 0], [.max, 0], [0, 2], [0, -1], [1, 0, 1, 0], [1, 0, 0, 0],
      ] {
        try write(path, skipped: skipped, origin: nil)
        #expect(throws: FeatureFileError.self, "\(skipped)") { try FeatureSet(contentsOf: path) }
      }
      for origin in ["", "{}", "[1]", "{\"settings\":[]}", String(repeating: "[", count: 5000)] {
        try write(path, skipped: [], origin: origin)
        #expect(throws: FeatureFileError.self, "\(origin.prefix(20))") { try FeatureSet(contentsOf: path) }
      }
    }
  }
}
