import Datasets
import Encoding
import Reports
import TensorArchive

extension TrainingReport {
  /// Everything that is needed to reproduce the training.
  func origin() throws -> Page.Section {
    let facts = try settings() + digests()
    let note =
      record.features == nil
      ? "The digest of a list of images is the SHA-256 of one line per image: its own SHA-256, two spaces and its name."
      : "It was trained on features that had been computed before; the images themselves were not read."
    let typed = command.map { [Page.Block.code($0)] } ?? []
    return Page.Section("How to reproduce it", typed + resumption + [.facts(facts), .paragraph(note)])
  }

  func settings() -> [(name: String, value: String)] {
    let (recipe, options, time) = (model.backbone.recipe, record.options, time)
    var facts: [(name: String, value: String)] = [
      ("seed", "\(options.seed)"),
      ("time", "\(time.total): \(time.features) for the features, \(time.training) for the training"),
    ]
    if let epochs = options.epochs {
      facts += [("optimizer", "\(epochs.optimizer)"), ("batch", "\(epochs.batchSize)")]
    }
    return facts + [("preprocessing", "\(recipe.preprocessing.label), \(recipe.interpolation.rawValue)")]
  }

  func digests() throws -> [(name: String, value: String)] {
    let backbone = model.backbone
    var facts: [(name: String, value: String)] = []
    if let digest = backbone.digest { facts.append(("backbone, SHA-256", digest)) }
    if let source = backbone.source {
      facts.append(("its source", "\(source.fileName), SHA-256 \(source.digests.sha256)"))
    }
    if let features = record.features { facts.append(("features", features)) }
    for (name, images) in parts where record.features == nil {
      facts.append(("\(name) images, SHA-256", ImageDigest.sha256(of: images.items)))
    }
    if let digest = try modelPath.flatMap({ try Archive(contentsOf: $0).digest }) {
      facts.append(("model, SHA-256", digest))
    }
    return facts
  }

  /// A note about a training that was interrupted; nothing for others.
  private var resumption: [Page.Block] {
    guard let place = record.resumption else { return [] }
    let promise =
      command == nil ? "Times" : "The command gives the same result, bit for bit, without interruption; times"
    return [
      .paragraph(
        "This training was interrupted after \(place) and resumed. \(promise) are those since the interruption."
      )
    ]
  }
}
