import ModelZoo

/// The library's sentences with the options they are about, since the library knows no command line.
enum FlagHint {
  /// The sentence, and the options or verbs that help, where there are any.
  ///
  /// - Parameter words: the command line, so that no option is offered which is given already.
  static func sentence(of error: any Error, _ words: [String]) -> String {
    let options = options(error, words)
    return sentence(
      "\(error)", options.isEmpty ? [RoleHint.hint(for: error, words)].compactMap(\.self) : options)
  }

  static func sentence(of diagnostic: DatasetDiagnostic) -> String {
    let options: [String] =
      switch diagnostic {
      case .emptyClass, .classesNamedAsParts: ["--classes"]
      case .unfollowedLinks: ["--follow-links"]
      default: []
      }
    return sentence(diagnostic.description, options)
  }

  /// What is to be known of where features end, with the option that has them end at the other place.
  static func featureNotes(_ recognition: Recognition) -> [String] {
    let other = recognition.otherFeatures.map { ["otherwise: --layer \($0)"] } ?? []
    return recognition.featureNotes.map { sentence($0, other) }
  }

  static func sentence(of notice: BackboneNotice) -> String {
    switch notice {
    case .nearestPixels: sentence(notice.description, ["--interpolation bilinear"])
    case .scaledPixels: sentence(notice.description, ["--interpolation"])
    case .nothingToPool: sentence(notice.description, ["--pool"])
    case .belowClassifier, .aheadOfPooling: sentence(notice.description, ["--layer for another"])
    }
  }

  /// Whether it is a network's name where a file's was expected.
  private static func isEntry(_ path: String) -> Bool {
    (try? NetworkCatalog())?.identifiers.contains(path) ?? false
  }

  private static func sentence(_ text: String, _ options: [String]) -> String {
    options.isEmpty ? text : text + " (\(options.joined(separator: ", ")))"
  }

  private static func options(_ error: any Error, _ words: [String]) -> [String] {
    let offersAll = words.first == "convert" && !words.contains("--verbose")
    return switch error {
    case FileError.unreadable(let path, _) where isEntry(path),
      ArchiveError.file(.unreadable(let path, _)) where isEntry(path):
      [
        "\(path) is a network of the catalog: zoo fetch \(path) gets its published weights, zoo synthesize writes a file of random ones"
      ]
    case CatalogError.unknownEntry(let name, _) where FileIdentity(name) != nil:
      ["zoo inspect tells what a file is; --zoo FOLDER adds entries of your own"]
    case DatasetError.missingColumn:
      ["--x-col", "--y-col", "--sep; --class-mode none where there are no classes"]
    case DatasetError.missingClass(_, _, []) where words.first == "evaluate":
      ["zoo predict classifies images whose classes nobody knows"]
    case DatasetError.missingClass(_, let name, _) where words.first == "evaluate" && Int(name) != nil:
      ["a model of Keras has numbers for names of classes; zoo convert FILE --labels NAMES gives it others"]
    case DatasetError.otherClasses where words.contains { $0 == "--from" || $0.hasPrefix("--from=") }:
      [
        "--classes to choose among them; --backbone and --head in place of --from train a new head for other classes"
      ]
    case DatasetError.unsortedParts: ["--classes"]
    case DatasetError.severalParts:
      words.first == "train" ? ["--data", "--validation-data", "--test-data"] : []
    case DatasetError.partlyLabelled, ShardError.partlyLabelled: ["--class-mode none"]
    case ShardError.tooManyShards: ["--shards", "--shard-by image"]
    case DatasetError.noListedFile: ["--directory", "--x-col"]
    case ConversionError.hasTop(_, _, _, nil) where !words.contains("--entry"):
      ["--architecture MODEL.json, from Keras's model.to_json(); --drop-top leaves them out"]
    case ConversionError.hasTop, ConversionError.hasModules, ConversionError.notRunnable: ["--drop-top"]
    case ConversionError.noFeatures: ["--layer NAME; zoo summary FILE lists the layers"]
    case ConversionError.unknownLayer: ["zoo summary FILE lists the layers"]
    case ModelZooError.classifierLayer(_, let layer): ["zoo convert FILE --layer \(layer)"]
    case ModelZooError.imagesAreNoFeatures: ["zoo predict; zoo convert FILE --layer NAME"]
    case ModelZooError.givesNoScores(_, .undecided): ["zoo features; zoo convert FILE --labels NAMES"]
    case ModelZooError.givesNoScores: ["zoo features"]
    case ConversionError.mismatch, ConversionError.unrecognised(_, _, .some), ConversionError.anotherGraph:
      offersAll ? ["--verbose lists all"] : []
    case ConversionError.unrecognised(_, _, .none): ["--architecture MODEL.json"]
    case KerasWeightsError.untypedNumbers(_, _, isDescribed: false) where words.first == "convert":
      ["--architecture MODEL.json"]
    case let error as FetchError: options(error, words)
    case ModelZooError.endlessAugmentation: ["--variants 8"]
    case ModelZooError.backboneNotFound: ["--backbone ARCHIVE"]
    case ModelZooError.unfreezing where words.contains("--unfreeze-blocks"):
      ["--unfreeze-blocks; --unfreeze LAYER begins at any layer, which zoo summary lists"]
    case CatalogError.unknownLayer where words.contains("--unfreeze"):
      ["--unfreeze; zoo summary lists the layers"]
    case let error as TrainingError: options(error, words)
    case ModelZooError.onlyResumable(let checkpoint):
      ["zoo train --resume \(checkpoint), with the other options as they were"]
    case ModelZooError.noCheckpoint where words.contains("--backbone"): ["--backbone is for checkpoints"]
    case ModelZooError.noEntry: ["zoo convert"]
    case ModelZooError.noHead: ["zoo train"]
    case ModelZooError.givesNumbers: ["zoo features"]
    case ModelZooError.scoresAreNoFeatures(_, _, let layer): [layer.map { "--layer \($0)" } ?? "--layer NAME"]
    case FeatureFileError.otherBackbone where words.first == "train": ["--backbone"]
    case FeatureFileError.malformed, FeatureFileError.unsupportedArray: ["zoo features"]
    default: []
    }
  }
}

extension FlagHint {
  private static func options(_ error: TrainingError, _ words: [String]) -> [String] {
    switch error {
    case .otherSettings(let differences): ResumptionHint.options(differences)
    case .resumption(let place, _, _): ResumptionHint.options(place: place)
    case .notFinite:
      words.contains { $0.hasPrefix("--unfreeze") }
        ? ["--backbone-learning-rate, --learning-rate"] : ["--learning-rate"]
    case .noGradient where words.contains("--from"):
      ["--backbone and --head in place of --from put a new head on the model's features"]
    default: []
    }
  }
}

extension FlagHint {
  private static func options(_ error: FetchError, _ words: [String]) -> [String] {
    switch error {
    case .noAddress, .refused, .badAnswer: ["--mirror URL"]
    case .badAddress where words.contains { $0.hasPrefix("--mirror") }: ["--mirror"]
    case .notPublished(_, .some, _): ["--weight-set"]
    case .notPublished: ["zoo convert"]
    case .stalled: ["--timeout"]
    case .notHere:
      ["without --offline: zoo \(words.filter { $0 != "--offline" }.map(\.printable).joined(separator: " "))"]
    default: []
    }
  }
}

extension RecognitionReason {
  /// The sentence, with the option that settles or would settle it.
  var withOption: String {
    switch self {
    case .kernelsAsAsked(let order, let axes):
      "\(axes.explanation); kernel order \(order.rawValue), as given by --kernels"
    case .kernelsAssumed: "\(description) (otherwise: --kernels tensorflow)"
    case .graphAsAsked(let graph): "graph \(graph), as given by --graph"
    case .pixelsUnrecorded: "\(description) (otherwise: --preprocessing)"
    case .graphOfSet(_, _, .some): "\(description) (otherwise: --graph)"
    case .featureEnd(_, let layer?): "\(description) (otherwise: --layer \(layer))"
    case .evidence, .kernels, .graphOfSet, .graphOfFile, .featureEnd: description
    }
  }
}
