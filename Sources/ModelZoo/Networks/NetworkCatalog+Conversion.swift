import KerasWeights
public import Tensors

/// What to insist on when a weight file is converted; normally nothing.
public struct ConversionOptions: Hashable, Sendable {
  /// Whether kernels are applied as they are (`tensorflow`) or turned by 180° first (`theano`).
  public enum KernelOrder: String, Hashable, Sendable, CaseIterable {
    case tensorflow, theano
  }

  /// Take the file for this network.
  public var network: String?
  /// Take this variant of the network's graph.
  public var graph: String?
  /// Take the kernels to be in this order.
  public var kernels: KernelOrder?
  /// Leave out the classifier's layers of a file that has them.
  public var dropsTop: Bool
  /// Store kernels as this: `float16` and `bfloat16` take half the room. Nil for what the file has.
  public var scalarType: ScalarType?

  /// Lets the file's content decide what is nil.
  public init(
    network: String? = nil, graph: String? = nil, kernels: KernelOrder? = nil, dropsTop: Bool = false,
    scalarType: ScalarType? = nil
  ) {
    self.network = network
    self.graph = graph
    self.kernels = kernels
    self.dropsTop = dropsTop
    self.scalarType = scalarType
  }
}

/// What a weight file turned out to be.
public struct ConversionReport: Hashable, Sendable {
  /// The network.
  public let network: String
  /// The variant of its graph; nil where there is one graph.
  public let graph: String?
  /// The weight set of the catalog that describes the file.
  public let weightSet: String
  /// Why, in sentences.
  public let reasons: [String]
  /// Layers of the classifier that were left out.
  public let droppedLayers: [String]
}

extension NetworkCatalog {
  /// Converts a Keras weight file into an archive: every tensor of the network, or nothing.
  ///
  /// Network, era, kernel order and graph variant are recognised from the file's content, never from its name.
  ///
  /// - Throws: an error that lists everything that does not fit; `archive` is then as it was.
  /// - Complexity: O(bytes) time; memory stays below twice the largest tensor.
  @discardableResult
  public func convert(
    _ weightFile: String, to archive: String, options: ConversionOptions = ConversionOptions()
  ) throws -> ConversionReport {
    let recognition = RecognitionOptions(
      entry: options.network, graph: options.graph, kernels: options.kernels?.weightSetOrder)
    let conversion = try Conversion(
      path: weightFile, targets: ConversionTarget.all(of: catalog),
      options: Conversion.Options(
        recognition: recognition, dropsTop: options.dropsTop, scalarType: options.scalarType,
        producer: Release.producer))
    let report = try conversion.write(to: archive)
    return ConversionReport(
      network: report.recognition.target.identifier, graph: report.recognition.graph,
      weightSet: report.recognition.weightSet.tag, reasons: report.recognition.reasons,
      droppedLayers: report.droppedLayers)
  }
}
