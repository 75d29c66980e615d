public import Datasets
import Encoding
public import Errors
import TensorArchive
public import Tensors
import Training
public import WeightConversion

/// Why an archive, a data set and a head do not work together.
public enum ModelZooError: ZooError, Hashable {
  /// The archive has tensors, but not the network that they belong to.
  case noEntry(archive: String)
  /// A checkpoint where a network is needed: it has the head alone.
  case checkpointWithoutNetwork(path: String)
  /// Features of images where a network is needed.
  case featuresWithoutNetwork(path: String)
  /// The archive's tensors are not the parameters of its network; one sentence for each problem.
  case otherTensors(archive: String, network: String, problems: [String])
  /// A weight file that fits no network of the catalog.
  case unknownNetwork(file: String)
  /// More rows than can be embedded.
  case tooManyRows(limit: Int, found: Int)
  /// A file name for a projection that does not end in .svg, .csv or .json.
  case projectionFormat(path: String)
  /// The archive is a backbone without a head, not a trained model.
  case noHead(archive: String)
  /// The archive is a network whose outputs are numbers of their own, not classes.
  case givesNumbers(archive: String)
  /// The archive is a network without a classifier that predicts, since of what it gives none can be told.
  case givesNoScores(archive: String, output: NetworkOutput)
  /// A whole model that learnt nothing ahead of its classifier: its features would be the image.
  case imagesAreNoFeatures(archive: String)
  /// A layer of the classifier, which an archive keeps apart from its network.
  case classifierLayer(archive: String, layer: String)
  /// A layer that works on what the model pools, among several layers that are to be read.
  case layerBehindPooling(archive: String, layer: String)
  /// A whole model whose classifier is part of the network, so that its last layer gives the classes' scores; `layer` is one that gives
  /// features, where it can be told.
  case scoresAreNoFeatures(archive: String, classes: Int, layer: String?)
  /// A section of an archive that cannot be read.
  case malformedSection(archive: String, section: String, reason: String)
  /// None of the images can be read; `first` says why the first cannot.
  case nothingReadable(count: Int, first: String)
  /// The number of the head's outputs does not fit the number of classes.
  case headDoesNotFit(outputs: Int, classes: [String])
  /// A kind of labels that does not fit the head.
  case classModeDoesNotFit(mode: ClassMode, outputs: Int)
  /// A linear fit on randomly augmented images without a fixed number of variants.
  case endlessAugmentation
  /// Sample weights together with a setting that excludes them.
  case sampleWeights(beside: String)
  /// Images that could be read in one epoch and not in another.
  case imagesChanged(expected: Int, found: Int)
  /// Features without rows and columns, of which no heat map can be made; `inner` is the last layer that has some.
  case nothingToMap(layer: String, features: TensorShape, inner: String?)
  /// A class the model was not trained on.
  case noSuchClass(name: String, classes: [String])
  /// Inputs of another shape than the network's.
  case wrongInput(expected: TensorShape, found: TensorShape)
  /// A list of layers to read that is empty or has a layer twice.
  case taps(found: [String])
  /// A range of variants that is empty or out of bounds.
  case variants(found: Range<Int>)
  /// A folder without an archive of this network; `found` are the networks it has archives of.
  case noArchive(network: String, folder: String, found: [String])
  /// A folder with several archives of one network.
  case severalArchives(network: String, paths: [String])
  /// Options of images, or of features, for a trained model that is exported as it is.
  case modelsOwnImages(archive: String)
  /// A weight of a type that the format would round.
  case unexportable(archive: String, tensor: String, type: String)
  /// Layers that Keras 3 has no words for; one sentence each.
  case notInKeras(network: String, problems: [String])
  /// An era of Keras whose files of the network have another graph, or that is not known; `known` are the layouts that fit the archive.
  case noLayout(network: String, era: String, graph: String?, graphs: [String], known: [String])
  /// A URL that is not a file URL.
  case notAFileURL(String)
  /// A choice of layers to train that a backbone does not have, or that is of none.
  case unfreezing(expected: String, found: String)
  /// Bytes that are not a PNG file where one is expected.
  case notAPNG(place: String, index: Int)
  /// An archive that is not a checkpoint of a training.
  case noCheckpoint(archive: String)
  /// A checkpoint without what makes a model of it: layers of a backbone were trained, or an earlier release wrote it.
  case onlyResumable(checkpoint: String)
  /// A checkpoint without the archive that it was trained on.
  case backboneNotFound(checkpoint: String, network: String, file: String, digest: String)
  /// An archive with another digest than that of the one that a checkpoint was trained on.
  case otherBackbone(checkpoint: String, archive: String, expected: String, found: String)
  /// Work that would take more memory than this process can have.
  case notEnoughMemory(work: String, neededBytes: Int, availableBytes: Int, advice: String)
  /// A limit that the system sets this process leaves less than it takes to run: of the address space what is left, of the
  /// stack all.
  case processLimit(name: String, expectedBytes: Int, foundBytes: Int)
  /// A class with fewer different images than a cross-validation needs.
  case tooFewImages(label: String, expected: Int, found: Int)
  /// Images that can be read for one network and not for another.
  case otherImages(archive: String, expected: Int, found: Int)
  /// Features with rows and columns where one row of numbers for each image is needed.
  case notPooled(features: TensorShape)
  /// No archive where one or more are needed.
  case noArchives
  /// Two weight files whose archives would have one name.
  case sameArchive(String, first: String, second: String)
  /// A template of a file name that cannot be parsed or filled in.
  case fileName(template: String, reason: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .noEntry, .noSuchClass, .noArchive, .noArchives, .backboneNotFound: .missing
    case .malformedSection, .nothingReadable, .notAPNG, .fileName: .malformed
    case .projectionFormat, .notAFileURL, .notEnoughMemory, .processLimit, .unexportable, .notInKeras:
      .unsupported
    case .checkpointWithoutNetwork, .featuresWithoutNetwork, .headDoesNotFit, .unfreezing, .wrongInput,
      .classModeDoesNotFit, .nothingToMap, .scoresAreNoFeatures, .endlessAugmentation,
      .imagesChanged, .sampleWeights, .otherTensors, .unknownNetwork, .tooManyRows, .taps, .variants,
      .severalArchives, .noHead, .noCheckpoint, .givesNumbers, .givesNoScores, .imagesAreNoFeatures,
      .classifierLayer,
      .layerBehindPooling, .onlyResumable, .otherBackbone, .tooFewImages,
      .otherImages, .notPooled, .modelsOwnImages, .noLayout, .sameArchive:
      .mismatch
    }
  }

  /// The error in one sentence, on one line.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .noEntry(let archive):
      "\(archive): has tensors but no network; expected an archive written by a conversion; "
        + "convert the original weight file"
    case .checkpointWithoutNetwork(let path):
      "\(path): expected an archive with a network, found a checkpoint of a training, which has the head alone; name the "
        + "archive it was trained on, or make a model of it"
    case .featuresWithoutNetwork(let path):
      "\(path): expected an archive with a network, found features of images; name the archive they were computed with"
    case .otherTensors(let archive, let network, let problems):
      "\(archive): its tensors are not the parameters of \(network): \(problems.joined(separator: "; "))"
    case .unknownNetwork(let file):
      "\(file): the weights fit no network of the catalog; inspect the file to see the nearest one"
    case .tooManyRows(let limit, let found):
      "t-SNE: expected at most \(limit) rows, found \(found); compute principal components instead, or the features of "
        + "fewer images"
    case .projectionFormat(let path):
      "\(path): expected a name ending in .svg, .csv or .json; a browser prints or exports an .svg file"
    case .givesNumbers(let archive):
      "\(archive): expected a model of classes, found a network that gives numbers of their own; they are its features"
    case .givesNoScores(let archive, let output):
      "\(archive): expected a model of classes, found a network that gives \(output.description)"
    case .imagesAreNoFeatures(let archive):
      "\(archive): expected a network that gives features, found a model that learnt nothing ahead of its classifier: its features would "
        + "be the image; predict with it, or convert it with features that end at a later layer"
    case .classifierLayer(let archive, let layer):
      "\(archive): \(layer) is a layer of the model's classifier, which the archive keeps apart from the network; expected a layer of the "
        + "network; for its output as features, convert the file again with features that end there"
    case .layerBehindPooling(let archive, let layer):
      "\(archive): \(layer) works on what the model pools, as one row of numbers; expected it alone; read it without other layers"
    case .scoresAreNoFeatures(let archive, let classes, let layer):
      "\(archive): expected a network that gives features, found the scores of the model's \(classes) classes; "
        + (layer.map { "take the features of the layer \($0), which is below them" }
          ?? "take those of an earlier layer")
    case .noHead(let archive):
      "\(archive): expected a trained model, found a backbone without a head; train a head on it"
    case .malformedSection(let archive, let section, let reason):
      "\(archive): section \(section): \(reason); convert or train it again"
    case .unfreezing(let expected, let found):
      "layers to train: expected \(expected), found \(found)"
    case .nothingReadable(let count, let first):
      "images: expected at least one that can be read, found none among \(count); the first error is: \(first)"
    case .headDoesNotFit(let outputs, let classes):
      "head: expected an output for each of the \(classes.count) classes (\(Self.list(classes))), "
        + "found a last layer with \(Self.outputs(outputs)); end the head with \(Self.ending(for: classes.count))"
    case .classModeDoesNotFit(let mode, let outputs):
      "class mode \(mode.rawValue): \(Self.wish(of: mode)); found a head with \(Self.outputs(outputs))"
    case .endlessAugmentation:
      "linear fit: expected a fixed number of variants of each image, found random augmentation in every epoch; give the "
        + "number of variants, such as 8"
    case .sampleWeights(let other):
      "sample weights: expected none together with \(other), found some; leave one of them out"
    case .imagesChanged(let expected, let found):
      "images: \(expected) could be read in the first epoch, \(found) in a later one; do not change the files "
        + "during training"
    case .nothingToMap(let layer, let features, let inner):
      "layer \(layer): expected features with rows and columns, found \(features); "
        + (inner.map { "train a head on layer \($0), the last one that has them, or " } ?? "")
        + "choose a model whose features are not flattened in the backbone"
    case .noSuchClass(let name, let classes):
      "class \(name): not a class of the model; expected one of \(Self.list(classes))"
    case .wrongInput(let expected, let found):
      "input: expected [N] + \(expected), found \(found); resize and preprocess the images first"
    case .taps(let found):
      "layers: expected one or more, each once, found \(Self.list(found)); name the layers to read"
    case .variants(let found):
      "variants: expected 1 to \(ImageVariants.mostNumbers) numbers from 0, found \(found.lowerBound) to "
        + "\(found.upperBound); choose numbers such as 0..<8"
    case .noArchive(let network, let folder, let found):
      "\(folder): no archive of \(network); found archives of \(Self.list(found))"
        + (nearest(to: network, in: found).map { "; did you mean \($0)?" }
          ?? "; convert its weight file into the folder")
    case .severalArchives(let network, let paths):
      "\(network): expected one archive, found \(paths.count): \(Self.list(paths)); name the file"
    case .notAFileURL(let address): "\(address): expected the URL of a file; download it first"
    case .noCheckpoint(let archive):
      "\(archive): not a checkpoint; expected a file that training wrote as a checkpoint"
    case .onlyResumable(let checkpoint):
      "\(checkpoint): a checkpoint that only resumes its training, as those of layers of a backbone and of earlier releases do; "
        + "expected a model, or a checkpoint of a head on a frozen backbone; resume the training, which writes a model"
    case .backboneNotFound(let checkpoint, let network, let file, let digest):
      "\(checkpoint): a checkpoint has no network; expected the archive of \(network) that it was trained on, \(file) with "
        + "digest \(digest), beside the checkpoint or in the folder above; found neither; name the archive"
    case .otherBackbone(let checkpoint, let archive, let expected, let found):
      "\(archive): not the archive that \(checkpoint) was trained on; expected digest \(expected), found \(found); name the "
        + "other archive"
    case .notEnoughMemory(let work, let needed, let available, let advice):
      "memory: \(work) would take \(memoryNeed(needed)); expected at most the \(memoryRoom(available)) there are; \(advice)"
    case .processLimit(let name, let expected, let found):
      "\(name): the system's limit leaves \(found.grouped) bytes; expected \(expected.grouped) or more; raise the limit"
    case .tooFewImages(let label, let expected, let found):
      "class \(label): expected \(expected) or more different images, found \(found); add images of this class, or leave it out"
    case .otherImages(let archive, let expected, let found):
      "\(archive): expected the \(expected) images that the first network could read, found \(found); leave the others out"
    case .notPooled(let features):
      "features: expected one row of numbers for each image, found \(features); pool them"
    case .modelsOwnImages(let archive):
      "\(archive): a trained model has a size and a preprocessing of its own, which its head learnt with; leave the options out, or "
        + "name a layer or a pooling to export features"
    case .unexportable(let archive, let tensor, let type):
      "\(archive): \(tensor): expected numbers of single precision or less, found \(type), which the format would round; convert the "
        + "archive to f32 first"
    case .notInKeras(let network, let problems):
      "\(network): cannot be said in Keras's words: \(problems.joined(separator: "; ")); export it as an ONNX model, or its weights alone"
    case .noLayout(let network, let era, let graph, let graphs, let known):
      known.isEmpty
        ? "\(network): the archive is of the graph \(graph ?? "of its own"), which no weight files of Keras are of: what Keras builds under "
          + "that name computes something else from the same weights; export it as a whole model of Keras, or as an ONNX model"
        : graphs.isEmpty
          ? "\(network): expected a layout that is known of it (\(known.joined(separator: ", "))), found \(era); choose one of these"
          : "\(network): the archive is of the graph \(graph ?? "of its own"), files of \(era) are of \(graphs.joined(separator: ", ")), "
            + "which computes something else from the same weights; choose one of \(known.joined(separator: ", "))"
    case .noArchives: "archives: expected one or more, found none; name the archives to compare"
    case .sameArchive(let archive, let first, let second):
      "\(archive): would be the archive of \(first) and of \(second); convert one of them into another folder, or rename it"
    case .fileName(let template, let reason): "\(template): \(reason)"
    case .notAPNG(let place, let index):
      "\(place): image \(index): expected the bytes of a PNG file, found other bytes; encode it with Bitmap.png()"
    }
  }

  /// Why there is no network in an archive.
  static func withoutNetwork(_ archive: Archive) -> ModelZooError {
    if archive.isCheckpoint {
      return archive.names.contains { $0.hasPrefix(BackboneTail.prefix) }
        ? .onlyResumable(checkpoint: archive.path) : .checkpointWithoutNetwork(path: archive.path)
    }
    return archive.featureRowCount == nil
      ? .noEntry(archive: archive.path) : .featuresWithoutNetwork(path: archive.path)
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  private static func outputs(_ count: Int) -> String { "\(count) output\(count == 1 ? "" : "s")" }

  private static func wish(of mode: ClassMode) -> String {
    switch mode {
    case .binary: "expected a head with one output, as in dense(1, sigmoid)"
    case .categorical, .sparse: "expected a head with an output for each class, as in dense(2, softmax)"
    case .input, .none: "a head learns classes; choose categorical, sparse or binary"
    }
  }

  private static func ending(for classes: Int) -> String {
    classes == 2 ? "dense(1, sigmoid) or dense(2, softmax)" : "dense(\(classes), softmax)"
  }
}
