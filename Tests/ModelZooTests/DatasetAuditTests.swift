import Foundation
import ModelZoo
import Randomness
import TestSupport
import Testing

/// Mistakes that were planted are found.
@Suite struct DatasetAuditTests {
  /// Drawn images of three classes, 16 each.
  private func withImages(size: Int = 96, _ body: (_ folder: URL, _ backbone: Backbone) throws -> Void) throws
  {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try SyntheticImageFolder(seed: 11, countPerClass: 16).write(to: photos)
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      try body(
        photos,
        Backbone(
          contentsOf: archive, options: BackboneOptions(size: size, interpolation: .bilinear)))
    }
  }

  private func audit(
    _ folder: URL, _ backbone: Backbone, _ options: AuditOptions = AuditOptions(strangeness: 4, seed: 1)
  ) throws -> DatasetAudit {
    try backbone.startAudit(of: DatasetSplit(DatasetSources(training: folder.path)), options: options).wait()
  }

  private func names(_ audit: DatasetAudit, _ images: [Int]) -> [String] {
    images.map { audit.images[$0].name }
  }

  @Test func aCleanSetIsHardlySuspicious() throws {
    try withImages { photos, backbone in
      let audit = try audit(photos, backbone)
      #expect(audit.images.count == 48 && audit.classes == ["circles", "noise", "stripes"])
      #expect(audit.copies.isEmpty, "\(audit.copies)")
      #expect(audit.disputes.count <= 1, "\(audit.disputes)")
      #expect(audit.strangers.count <= 1, "\(audit.strangers.map { audit.images[$0.image] })")
      #expect((audit.validation?.accuracy ?? 0) > 0.9)
    }
  }

  /// An audit, and what it says of labels that it cannot judge.
  private func auditWithWarnings(_ folder: URL, _ backbone: Backbone) throws -> (DatasetAudit, [String]) {
    let warnings = Locked<[String]>([])
    let split = try DatasetSplit(DatasetSources(training: folder.path))
    let audit = try backbone.startAudit(of: split, options: AuditOptions(strangeness: 4, seed: 1)).wait {
      event in
      if case .warning(let sentence) = event { warnings.update { $0.append(sentence) } }
    }
    return (audit, warnings.value.filter { $0.hasPrefix("class ") || $0.hasPrefix("no label ") })
  }

  /// With too few images to judge labels, copies are found all the same.
  @Test(arguments: [1, 2]) func fewImagesAreLookedAtForCopies(perClass: Int) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: perClass)
      try FileManager.default.removeItem(at: photos.appending(path: "noise"))
      let files = FileManager.default
      let copied = photos.appending(path: "stripes/0.png")
      try files.removeItem(at: copied)
      try files.copyItem(at: photos.appending(path: "discs/0.png"), to: copied)
      let backbone = try Backbone(
        contentsOf: SyntheticArchive.write("squeezenet", to: folder),
        options: BackboneOptions(size: 64, pooling: .average))
      let (audit, warnings) = try auditWithWarnings(photos, backbone)
      #expect(audit.copies.count == 1 && audit.copies[0].crossesClasses && audit.copies[0].isExact)
      if perClass == 1 {
        #expect(warnings.first?.hasPrefix("class discs: its labels are not judged: ") == true, "\(warnings)")
      }
      #expect(warnings.contains { $0.hasPrefix("no label is ") }, "\(warnings)")
    }
  }

  /// Deletes all images of a class but one, of which there is a copy.
  private func thin(_ name: String, of photos: URL) throws {
    let (files, place) = (FileManager.default, photos.appending(path: name))
    let first = place.appending(path: "0001.png")
    for file in try files.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
    where file.lastPathComponent != first.lastPathComponent {
      try files.removeItem(at: file)
    }
    try files.copyItem(at: first, to: place.appending(path: "copy.png"))
  }

  @Test func aClassOfOneImageIsNotJudged() throws {
    try withImages(size: 160) { photos, backbone in
      try thin("noise", of: photos)
      let (audit, warnings) = try auditWithWarnings(photos, backbone)
      #expect(audit.classes == ["circles", "noise", "stripes"] && audit.images.count == 34)
      #expect(audit.copies.map { names(audit, $0.images) }.contains(["noise/0001.png", "noise/copy.png"]))
      #expect(warnings.count == 1 && warnings[0].hasPrefix("class noise: "), "\(warnings)")
      #expect(audit.thresholds.map { $0 == nil } == [false, true, false])
      #expect(audit.images.allSatisfy { ($0.labelProbability == nil) == ($0.label == "noise") })
      #expect(audit.validation?.classes.count == 32)
      #expect(audit.disputes.allSatisfy { $0.suggestion != "noise" })
      #expect(audit.disputes.allSatisfy { audit.images[$0.image].label != "noise" })
    }
  }

  @Test func copiesAreFoundWhereNoClassCanBeJudged() throws {
    try withImages { photos, backbone in
      for name in ["circles", "noise"] { try thin(name, of: photos) }
      let (audit, warnings) = try auditWithWarnings(photos, backbone)
      #expect(audit.copies.count(where: \.isExact) == 2 && audit.validation == nil && audit.disputes.isEmpty)
      #expect(warnings.count == 3 && warnings[2].hasPrefix("no label is judged: "), "\(warnings)")
      #expect(audit.json().contains("null") && AuditReport(on: audit).html().contains("not judged"))
    }
  }

  @Test func whatIsNoBetterThanGuessingDisputesNothing() throws {
    try withImages { photos, backbone in
      // Of 16 circles 8 are noise as well: whatever is said of those is right once and wrong once.
      let files = FileManager.default
      let place = photos.appending(path: "noise")
      for folder in [place, photos.appending(path: "stripes")] { try files.removeItem(at: folder) }
      try files.createDirectory(at: place, withIntermediateDirectories: true)
      let circles = try files.contentsOfDirectory(
        at: photos.appending(path: "circles"), includingPropertiesForKeys: nil)
      for circle in circles.prefix(8) {
        try files.copyItem(at: circle, to: place.appending(path: circle.lastPathComponent))
      }
      let (audit, warnings) = try auditWithWarnings(photos, backbone)
      #expect(audit.disputes.isEmpty && !audit.copies.isEmpty, "\(audit.disputes)")
      #expect(warnings.count == 1 && warnings[0].hasPrefix("no label is disputed: "), "\(warnings)")
    }
  }

  /// Random weights tell patterns apart, and no stranger from them: strangers are planted among features, in `AuditTests`.
  @Test func plantedMistakesAreFound() throws {
    try withImages(size: 160) { photos, backbone in
      let files = FileManager.default
      try files.moveItem(
        at: photos.appending(path: "circles/0003.png"), to: photos.appending(path: "stripes/swapped.png"))
      try files.copyItem(
        at: photos.appending(path: "noise/0005.png"), to: photos.appending(path: "noise/copy.png"))
      try files.copyItem(
        at: photos.appending(path: "noise/0007.png"), to: photos.appending(path: "circles/copy.png"))
      let audit = try audit(photos, backbone)
      let disputes = audit.disputes.map { "\(audit.images[$0.image].name): \($0.suggestion)" }
      #expect(disputes.contains("stripes/swapped.png: circles"), "\(disputes)")
      #expect(disputes.contains("circles/copy.png: noise"), "\(disputes)")
      #expect(disputes.count <= 6)
      // Across classes first.
      let copies = audit.copies.map { names(audit, $0.images) }
      #expect(copies.first == ["circles/copy.png", "noise/0007.png"], "\(copies)")
      #expect(audit.copies.first?.crossesClasses == true && audit.copies.first?.isExact == true)
      #expect(copies.contains(["noise/0005.png", "noise/copy.png"]) && copies.count <= 4, "\(copies)")
    }
  }

  @Test func copiesAcrossPartsComeFirst() throws {
    try withImages { photos, backbone in
      let files = FileManager.default
      let set = photos.deletingLastPathComponent().appending(path: "set")
      for part in ["train", "val"] {
        for name in ["circles", "noise", "stripes"] {
          let place = set.appending(path: "\(part)/\(name)")
          try files.createDirectory(at: place, withIntermediateDirectories: true)
          for number in part == "train" ? 0..<10 : 10..<16 {
            let file = String(format: "%04ld.png", number)
            try files.copyItem(
              at: photos.appending(path: "\(name)/\(file)"), to: place.appending(path: file))
          }
        }
      }
      try files.copyItem(
        at: set.appending(path: "train/noise/0001.png"), to: set.appending(path: "train/circles/other.png"))
      try files.copyItem(
        at: set.appending(path: "train/stripes/0002.png"), to: set.appending(path: "val/stripes/again.png"))
      let audit = try audit(set, backbone)
      #expect(audit.images.count == 50 && audit.copies.count == 2)
      #expect(audit.copies[0].crossesParts && !audit.copies[0].crossesClasses)
      #expect(!audit.copies[1].crossesParts && audit.copies[1].crossesClasses)
      let parts = audit.copies[0].images.map { audit.images[$0].part }
      #expect(parts == [.training, .validation])
      let lines = audit.csv().split(whereSeparator: \.isNewline)
      #expect(lines[0] == "finding,rank,file,part,class,other_class,score")
      #expect(lines[1].hasPrefix("copy,1,") && lines[1].hasSuffix("0002.png,training,stripes,,1.0"))
      #expect(lines[2].hasSuffix("again.png,validation,stripes,,1.0"))
    }
  }

  @Test func thePageShowsWhatWasFoundAndRunsNothing() throws {
    try withImages { photos, backbone in
      let place = photos.appending(path: "<b>&amp;")
      try FileManager.default.moveItem(at: photos.appending(path: "noise"), to: place)
      try FileManager.default.copyItem(
        at: place.appending(path: "0001.png"), to: photos.appending(path: "stripes/copy.png"))
      let audit = try audit(photos, backbone)
      let page = AuditReport(on: audit, command: "zoo audit <here>").html()
      #expect(page.contains("across classes") && page.contains("zoo audit &lt;here&gt;"))
      #expect(page.contains("&lt;b&gt;&amp;amp;/0001.png") && !page.contains("<b>&amp;/"))
      #expect(!page.contains("<script") && page.contains("data:image/png;base64,"))
      struct Facts: Decodable {
        struct Group: Decodable {
          struct Image: Decodable { var file, part: String }
          var exact, acrossClasses, acrossParts: Bool
          var images: [Image]
        }
        var images: Int
        var copies: [Group]
      }
      let facts = try JSONDecoder().decode(Facts.self, from: Data(audit.json().utf8))
      #expect(facts.images == 49 && facts.copies.count == audit.copies.count)
      #expect(facts.copies[0].exact && facts.copies[0].acrossClasses && facts.copies[0].images.count == 2)
    }
  }

  @Test func refusesWhatCannotBeAudited() throws {
    try withImages { photos, backbone in
      for options in [
        AuditOptions(similarity: 1.5), AuditOptions(similarity: .nan), AuditOptions(strangeness: 0),
        AuditOptions(neighbours: 0), AuditOptions(folds: 1),
      ] {
        #expect(throws: TrainingError.self) { try audit(photos, backbone, options) }
      }
      #expect(throws: DatasetError.self) {
        try backbone.startAudit(of: .whole(Dataset(flat: photos.path))).wait()
      }
      let job = try backbone.startAudit(of: .whole(Dataset(folder: photos.path)))
      job.cancel()
      #expect(throws: CancellationError.self) { try job.wait() }
    }
  }
}

/// Real weights on real photographs, some of them in the wrong folder.
@Suite(.enabled(if: SharedFiles.arePresent, Comment(rawValue: SharedFiles.message)))
struct PhotographAuditTests {
  private static let classes = ["Humans", "cats", "dogs", "horses"]

  private func backbone(in folder: URL) throws -> Backbone {
    let weights = try SharedFiles.path("weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5")
    let archive = folder.appending(path: "squeezenet.zoo.safetensors").path
    try NetworkCatalog().convert(weights, to: archive)
    return try Backbone(contentsOf: archive, options: BackboneOptions(interpolation: .bilinear))
  }

  /// A manifest of all 808 photographs with 40 labels, a twentieth, changed by a seed; and which.
  private func manifest(in folder: URL, seed: UInt64) throws -> (path: String, swapped: Set<String>) {
    let photographs = try Dataset(folder: SharedFiles.path("data/animals"))
    var generator = SplitMix64(seed: seed)
    let order = photographs.items.indices.shuffled(using: &generator)
    var labels = photographs.items.map { $0.label ?? 0 }
    for index in order.prefix(40) { labels[index] = (labels[index] + 1 + Int(generator.nextUnit() * 3)) % 4 }
    let rows = zip(photographs.items, labels).map { "\($0.path),\(Self.classes[$1])\n" }
    let path = folder.appending(path: "photographs-\(seed).csv").path
    try ("filename,class\n" + rows.joined()).write(toFile: path, atomically: true, encoding: .utf8)
    return (path, Set(order.prefix(40).map { photographs.items[$0].path }))
  }

  /// Recall and precision of disputed labels.
  @Test func wrongLabelsAreDisputed() throws {
    try withTemporaryFolder { folder in
      let backbone = try backbone(in: folder)
      let seeds: [UInt64] = [1, 2, 3]
      var (found, disputed) = (0, 0)
      for seed in seeds {
        let (path, swapped) = try manifest(in: folder, seed: seed)
        let audit = try backbone.startAudit(of: .whole(Dataset(manifest: path))).wait()
        found += audit.disputes.count { swapped.contains(audit.images[$0.image].path) }
        disputed += audit.disputes.count
        let first = audit.disputes.prefix(20).count { swapped.contains(audit.images[$0.image].path) }
        #expect(first >= 17, "\(first) of the first 20")
      }
      let (recall, precision) = (Double(found) / Double(40 * seeds.count), Double(found) / Double(disputed))
      #expect(recall >= 0.8 && precision >= 0.8, "recall \(recall), precision \(precision)")
    }
  }

  /// As they are, hardly anything is disputed; the elephant among the animals is one of the strangest images.
  @Test func theElephantIsStrange() throws {
    try withTemporaryFolder { folder in
      let photographs = try Dataset(folder: SharedFiles.path("data/animals"))
      let elephant = try SharedFiles.path("data/predict_this/elephant.jpg")
      let rows = photographs.items.map { "\($0.path),\(Self.classes[$0.label ?? 0])\n" }
      let path = folder.appending(path: "all.csv").path
      try ("filename,class\n" + rows.joined() + "\(elephant),horses\n").write(
        toFile: path, atomically: true, encoding: .utf8)
      let audit = try backbone(in: folder).startAudit(of: .whole(Dataset(manifest: path))).wait()
      #expect(audit.images.count == 809)
      #expect(audit.disputes.count <= 12, "\(audit.disputes.count)")
      #expect(audit.strangers.count <= 32, "\(audit.strangers.count)")
      let place = try #require(audit.images.firstIndex { $0.path == elephant })
      let stranger = audit.images.count { $0.strangeness > audit.images[place].strangeness }
      #expect(stranger < 20, "\(stranger) images are stranger")
      #expect(audit.strangers.contains { $0.image == place })
      // 38 photographs are copies of others, byte for byte.
      let spare = audit.copies.filter(\.isExact).reduce(0) { $0 + $1.images.count - 1 }
      #expect(spare == 38 && audit.copies.count >= 45, "\(spare), \(audit.copies.count)")
      #expect(audit.copies.allSatisfy { !$0.crossesClasses && $0.similarity > 0.5 })
    }
  }
}
