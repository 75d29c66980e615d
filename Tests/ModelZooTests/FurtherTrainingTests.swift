import Datasets
import Foundation
import ModelZoo
import TestSupport
import Testing
import Training

/// Finished models that are trained further.
@Suite struct FurtherTrainingTests {
  private struct Place {
    let folder: URL
    let backbone: Backbone
    let images: Dataset

    init(_ folder: URL) throws {
      self.folder = folder
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 48, pooling: .maximum))
      let photos = folder.appending(path: "photos")
      try SyntheticImageFolder(seed: 1, countPerClass: 5).write(to: photos.path)
      images = try Dataset(folder: photos.path)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func split(seed: UInt64) throws -> DatasetSplit { try images.split(validation: 0.4, seed: seed) }

    static let head = Head {
      Dropout(0.25)
      Dense(3, activation: .softmax)
    }

    /// A model of two epochs, loaded from its file.
    func model() throws -> TrainedModel {
      let options = TrainingOptions(fit: .epochs(2, batchSize: 4), loss: .categoricalHinge, seed: 5)
      let model = try backbone.train(Self.head, on: split(seed: 3), options: options)
      try model.save(to: path("first.zoo"))
      return try TrainedModel(contentsOf: path("first.zoo"))
    }
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { try body(Place($0)) }
  }

  private static func options(_ epochs: Int, _ callbacks: [any TrainingCallback] = []) -> TrainingOptions {
    TrainingOptions(fit: .epochs(epochs, batchSize: 4, callbacks: callbacks), seed: 9)
  }

  /// The same steps as those of a trainer of the head on the same features.
  @Test func theHeadGoesOnFromWhereItIs() throws {
    try withPlace { place in
      let (model, split) = (try place.model(), try place.split(seed: 3))
      let further = try model.train(on: split, options: Self.options(3))
      var trainer = try Trainer(model.head, loss: .categoricalHinge, seed: 9)
      let (training, validation) = (
        try place.backbone.features(of: split.training),
        try place.backbone.features(of: try #require(split.validation))
      )
      let history = try trainer.fit(
        training.features, .classes(training.rows.labels),
        validation: Samples(validation.features, .classes(validation.rows.labels)), epochs: 3, batchSize: 4)
      #expect(further.head.parameters == trainer.model.parameters && further.history == history)
      #expect(further.head.parameters != model.head.parameters && further.history.epochs.count == 3)
      let anew = try place.backbone.train(Place.head, on: split, options: Self.options(3))
      #expect(further.head.parameters != anew.head.parameters)
    }
  }

  @Test func theModelSaysWhereItComesFromAndWhatItHasLearntFrom() throws {
    try withPlace { place in
      let (model, split) = (try place.model(), try place.split(seed: 4))
      let further = try model.train(on: split, options: Self.options(1))
      #expect(model.origin == nil && model.file?.name == "first.zoo" && further.origin == model.file)
      let digest = try Archive(contentsOf: place.path("first.zoo")).digest
      #expect(digest != nil && further.origin?.digest == digest)
      try further.save(to: place.path("second.zoo"))
      let loaded = try TrainedModel(contentsOf: place.path("second.zoo"))
      #expect(loaded.origin == model.file && loaded.learntImages == further.learntImages)
      #expect(loaded.head.loss == .categoricalHinge)
      let (first, second) = (Set(try place.split(seed: 3).training.paths), Set(split.training.paths))
      #expect(first != second && loaded.learntImages?.count == first.union(second).count)
      for path in first.union(second) { #expect(loaded.learntImages?.contains(path) == true) }
      #expect(ArchiveVerification(place.path("second.zoo")).isIntact)
    }
  }

  @Test func imagesThatWereLearntFromAreNotForValidation() throws {
    try withPlace { place in
      let (model, same, other) = (try place.model(), try place.split(seed: 3), try place.split(seed: 4))
      func warns(_ split: DatasetSplit) -> [String] {
        model.warnings(trainingOn: split, options: Self.options(1)).filter { $0.hasPrefix("validation: ") }
      }
      #expect(warns(same).isEmpty)
      let learnt = Set(same.training.paths).intersection(other.validation?.paths ?? []).count
      #expect(learnt > 0 && warns(other).first?.contains("learnt from \(learnt) of the 6 images") == true)
      // The same split with a copy on either side: that is said of the data set, not of the model.
      let (trained, held) = (same.training.paths[0], try #require(same.validation?.paths[0]))
      try FileManager.default.removeItem(atPath: held)
      try FileManager.default.copyItem(atPath: trained, toPath: held)
      #expect(warns(same).isEmpty)
    }
  }

  @Test func whatDoesNotFitIsRefusedBeforeAnImageIsRead() throws {
    try withPlace { place in
      let model = try place.model()
      let extraction = ExtractionOptions(observer: { _ in Issue.record("an image was read") })
      let two = try Dataset(
        contentsOf: place.path("photos"), options: ListingOptions(classes: ["stripes", "circles"]))
      let error = #expect(throws: DatasetError.self) {
        try model.train(on: .whole(two), extraction: extraction)
      }
      #expect(error == .otherClasses(place: two.place, expected: model.labels, found: two.classes))
      let linear = TrainingOptions(fit: .linear(LinearFit()))
      #expect(throws: TrainingError.self) {
        try model.train(on: .whole(place.images), options: linear, extraction: extraction)
      }
      #expect(throws: TrainingError.self) {
        try model.train(
          on: .whole(place.images),
          options: TrainingOptions(metrics: [.auc, .auc]), extraction: extraction
        )
      }
    }
  }

  /// Classes go by their names: in whatever order they are listed, the same numbers come out.
  @Test func classesInAnotherOrderGoByTheirNames() throws {
    try withPlace { place in
      let model = try place.model()
      var listing = ListingOptions(classes: model.labels.reversed())
      let reversed = try Dataset(contentsOf: place.path("photos"), options: listing)
      #expect(reversed.classes != model.labels && reversed.items.map(\.path) != place.images.paths)
      let plain = try model.train(on: .whole(place.images), options: Self.options(2))
      let other = try model.train(on: .whole(reversed), options: Self.options(2))
      #expect(other.labels == model.labels && other.head.parameters == plain.head.parameters)
      #expect(try model.evaluate(on: reversed) == model.evaluate(on: place.images))
      // A split that is dealt class by class holds back the same images.
      listing.order = model.labels
      let arranged = try Dataset(contentsOf: place.path("photos"), options: listing)
      #expect(arranged.items == place.images.items && arranged.classes == model.labels)
      #expect(
        arranged.diagnostics.last
          == .arranged(place: reversed.place, found: reversed.classes, names: model.labels))
      // In a manifest the rows keep their order.
      let manifest = place.path("photos/m.csv")
      let names = place.images.items.map(\.name)
      let rows = zip(names, place.images.items).map { "\($0),\(model.labels[$1.label ?? 0])\r" }
      try Data(("filename,class\r" + rows.reversed().joined()).utf8).write(to: URL(fileURLWithPath: manifest))
      let listed = try Dataset(contentsOf: manifest, options: listing)
      #expect(listed.items.map(\.name) == names.reversed() && listed.classes == model.labels)
      let labels = Dictionary(uniqueKeysWithValues: zip(names, place.images.items.map(\.label)))
      #expect(listed.items.allSatisfy { labels[$0.name] == $0.label })
    }
  }

  @Test func aClassMoreOrLessIsRefusedWithBothSides() throws {
    try withPlace { place in
      let model = try place.model()
      let more = URL(fileURLWithPath: place.path("photos/zebras"))
      try FileManager.default.createDirectory(at: more, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: place.images.paths[0], toPath: more.appending(path: "0.png").path)
      for classes in [nil, ["circles", "noise"], ["circles", "noise", "zebras"]] as [[String]?] {
        let listing = ListingOptions(classes: classes)
        let images = try Dataset(contentsOf: place.path("photos"), options: listing)
        let expected = DatasetError.otherClasses(
          place: images.place, expected: model.labels, found: images.classes)
        #expect(throws: expected) { try model.train(on: .whole(images), options: Self.options(1)) }
        #expect(throws: expected) { try model.evaluate(on: images) }
      }
      let many = (0..<30).map { "class \($0)" }
      let error = DatasetError.otherClasses(place: "p", expected: many, found: many.dropFirst() + ["new"])
      #expect("\(error)".contains("; missing: class 0; unknown: new; "))
    }
  }

  @Test func anInterruptionMakesNoDifference() throws {
    try withPlace { place in
      let (model, split) = (try place.model(), try place.split(seed: 3))
      let whole = try model.train(on: split, options: Self.options(3))
      _ = try model.train(on: split, options: Self.options(2, [try ModelCheckpoint(place.path("c"))]))
      var options = Self.options(3)
      options.epochs?.checkpoint = try TrainingCheckpoint(contentsOf: place.path("c"))
      let resumed = try model.train(on: split, options: options)
      #expect(resumed.head.parameters == whole.head.parameters && resumed.history == whole.history)
      // A checkpoint knows where it comes from, too; a new head is another training.
      let made = try TrainedModel(contentsOf: place.path("c"))
      #expect(made.origin == model.file && made.learntImages == whole.learntImages)
      options.loss = .categoricalHinge
      let error = #expect(throws: TrainingError.self) {
        try place.backbone.train(Place.head, on: split, options: options)
      }
      guard case .otherSettings(let differences)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(differences.map(\.name) == ["start"])
    }
  }
}
