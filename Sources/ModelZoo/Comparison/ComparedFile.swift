import Catalog
import Encoding
import Errors
import Files
import Foundation
import Images
import TensorArchive
import Tensors
import WeightConversion

/// A file that is compared: its tensors, and what it says of its network.
struct ComparedFile {
  /// A tensor, and how it is read.
  struct Item {
    let side: TensorComparison.Side
    fileprivate let place: Int

    var elementCount: Int { side.shape.elementCount }
  }

  private enum Contents {
    case archive(Archive)
    case weights(TensorReader, Conversion?)
  }

  let path: String
  let kind: String
  let items: [Item]
  /// Nil for a file that belongs to no network that is known, or does not fit it.
  let model: ComparedModel?
  let network: String?
  private let contents: Contents
  /// What is to be known of where its weights were found, in sentences.
  private let notes: [String]
  /// What the file holds besides weights that are converted.
  private let leftAside: LeftAside
  /// Why it cannot be run, where that is known already.
  private let problem: String?
  /// Nil for an archive of ours.
  let stated: StatedFacts?

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - targets: the networks whose weights it may have.
  ///   - network: the network of the other file, whose parameters it is to be held against where it fits none.
  /// - Throws: what opening a file of its kind throws.
  init(_ path: String, _ catalog: NetworkCatalog, _ targets: ConversionTargets, like network: String? = nil)
    throws
  {
    let kind = try FileFacts(path: path).kind
    if case .safetensors = kind, !WeightFile.isStateDictionary(path, kind) {
      try self.init(Archive(contentsOf: path))
    } else {
      let source = try WeightFile.open(path, targets: targets)
      try self.init(
        source, named: path, Self.recognised(source, catalog, targets, like: network), source.leftAside())
    }
  }

  /// - Parameter path: what the archive is called, which may not be in place yet.
  init(_ archive: Archive, named path: String? = nil) throws {
    self.path = path ?? archive.path
    let texts = archive.manifest?.sections ?? [:]
    model = archive.isCheckpoint ? nil : try ComparedModel(texts, path: archive.path)
    network = model?.network.entry.identifier
    kind =
      archive.isCheckpoint
      ? "a checkpoint"
      : ModelSections(archive) != nil ? "a trained model" : model == nil ? "safetensors" : "an archive"
    contents = .archive(archive)
    (notes, leftAside, stated) = ([], LeftAside(), nil)
    problem = model == nil ? "\(self.path): has no network" : nil
    let isOurs = model != nil
    items = archive.tensors.enumerated().map { place, tensor in
      let side = TensorComparison.Side(
        name: tensor.name, path: tensor.name, shape: tensor.shape, storedShape: tensor.shape,
        scalarType: tensor.scalarType, isParameter: isOurs)
      return Item(side: side, place: place)
    }
  }

  /// A file as it would be converted.
  init(_ conversion: Conversion, named path: String) throws {
    try self.init(conversion.source, named: path, (conversion, conversion.recognition, nil))
  }

  private init(
    _ source: any WeightSource, named path: String, _ found: Found, _ leftAside: LeftAside = LeftAside()
  ) throws {
    self.path = path
    kind = "\(source.isWholeModel ? "a model" : "weights") of \(source.facts.writer), \(source.formWords)"
    model = try found.conversion.flatMap { try ComparedModel($0.allSections, path: path) }
    problem = found.conversion == nil ? "\(path): \(found.problem ?? "belongs to no known network")" : nil
    self.network = found.recognition?.network
    let others = source.facts.framework == .keras ? source.facts.others : []
    let notes = source.facts.notes + others.map { "\($0) is not compared" }
    (self.notes, self.leftAside) = (notes, leftAside)
    stated = StatedFacts(source, leftAside, problem: problem)
    let reader = TensorReader(source, found.recognition, leftAside: leftAside.tensors)
    contents = .weights(reader, found.conversion)
    items = reader.items.enumerated().map { place, item in
      let side = TensorComparison.Side(
        name: item.name, path: item.path, shape: item.shape, storedShape: item.storedShape,
        scalarType: item.scalarType, isParameter: item.parameter != nil)
      return Item(side: side, place: place)
    }
  }

  private typealias Found = (conversion: Conversion?, recognition: Recognition?, problem: String?)

  /// What the file would be converted as, without its classifier where that cannot be; else what comes nearest to it.
  private static func recognised(
    _ source: any WeightSource, _ catalog: NetworkCatalog, _ targets: ConversionTargets, like network: String?
  ) -> Found {
    var problem: String?
    for options in [ConversionOptions(), ConversionOptions(dropsTop: true)] {
      do {
        let conversion = try catalog.conversion(of: source, targets: targets, options: options)
        return (conversion, conversion.recognition, nil)
      } catch {
        if problem == nil { problem = "\(error)".split(separator: "\n").first.map(String.init) }
      }
    }
    let recognizer = Recognizer(targets)
    let asked = network.flatMap {
      try? recognizer.recognize(source, options: ConversionOptions(network: $0))
    }
    let nearest = [asked, try? recognizer.recognize(source)].compactMap(\.self).first { !$0.isFarOff }
    return (nil, nearest, problem)
  }

  /// That it has a graph, and it was not compared.
  var graphNote: String? {
    stated?.graphProblem.map { "the graph of \(path.printable) was not compared: \($0)" }
  }

  /// How many values there are.
  var valueCount: Int { items.reduce(0) { $0 + $1.elementCount } }

  /// What it is to whoever reads the result.
  var summary: WeightComparison.File {
    WeightComparison.File(
      path: path, kind: kind, network: network, tensorCount: items.count, valueCount: valueCount,
      notes: notes, leftAside: leftAside.tensors.map(\.path), unread: leftAside.unread)
  }

  /// Lends the elements of a tensor, in the order that its shape says.
  func withBytes<Result>(of item: Item, _ body: (RawSpan) throws -> Result) throws -> Result {
    switch contents {
    case .archive(let archive): try archive.tensor(named: item.side.name).withBytes(body)
    case .weights(let reader, _): try reader.withBytes(of: reader.items[item.place], body)
    }
  }

  /// What the network gives for pictures that are made for it, or why it gives nothing, in a sentence. A weight file is converted for that
  /// into a file that is removed again.
  ///
  /// - Throws: `CancellationError`.
  func features(
    of pictures: (Backbone) -> [Bitmap], _ cancellation: Cancellation
  ) throws -> (features: Tensor?, problem: String?) {
    if let problem { return (nil, problem) }
    var scratch: String?
    do {
      try cancellation.check()
      switch contents {
      case .archive(let archive): return (try Self.features(of: pictures, archive.path), nil)
      case .weights(_, let conversion):
        // Of a name of its own: what is written there takes the place of the file that others know to be in use.
        let place = FileManager.default.temporaryDirectory.appending(path: "zoo-\(UUID().uuidString)").path
        return try AtomicFile.withScratchFile(beside: place) { path in
          scratch = path
          _ = try conversion?.write(to: path) { _ in try cancellation.check() }
          return (try Self.features(of: pictures, path), nil)
        }
      }
    } catch let error as any ZooError {
      // The file that is no more is nobody's business.
      return (nil, scratch.map { error.description.replacing($0, with: path) } ?? error.description)
    }
  }

  private static func features(of pictures: (Backbone) -> [Bitmap], _ archive: String) throws -> Tensor {
    let backbone = try Backbone(contentsOf: archive, images: 1)
    return try backbone.features(of: pictures(backbone))
  }
}
