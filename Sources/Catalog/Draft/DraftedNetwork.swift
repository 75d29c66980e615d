/// A network as its architecture describes it: one graph, whatever models stood inside models, and where the weights of each of
/// its layers are kept.
package struct DraftedNetwork: Sendable {
  /// The model's name.
  package let modelName: String
  /// All layers, the input first and the output last.
  package private(set) var graph: LayerGraph
  /// The models that each layer stood in, outermost first, and the layer's own name.
  package let paths: [String: [String]]
  /// The input's rows and columns, where the architecture gives both.
  package let inputSize: Extent?
  /// The input's channels.
  package let channels: Int
  /// Whether the image's channels are read in reverse order: BGR.
  package let reversesChannels: Bool
  /// What was taken off to get at the network, in words; nil for nothing.
  package let wrapper: String?
  /// Layers of the model around the network that are no part of it.
  package let leftOut: [String]
  /// Whether it is what several outputs of the model read, and not all of the model.
  package let isShared: Bool
  /// Layers that go by other names than their own, which have blanks, are too long or are another layer's: both names.
  package let renamed: [(own: String, name: String)]
  /// That Keras computes some of its layers with half precision, in a sentence; nil where it does not.
  package let halfPrecisionNote: String?

  /// A network of one graph, whose layers own their weights under their own names.
  init(named name: String, _ graph: LayerGraph, size: Extent?, channels: Int) {
    (modelName, self.graph, inputSize, self.channels) = (name, graph, size, channels)
    paths = Dictionary(graph.layers.map { ($0.name, [$0.name]) }) { first, _ in first }
    (reversesChannels, wrapper, leftOut, isShared) = (false, nil, [], false)
    (renamed, halfPrecisionNote) = ([], nil)
  }

  /// Reads what Keras's `model.to_json()` wrote. Layers that cannot be described are refused together.
  ///
  /// - Parameters:
  ///   - kerasVersion: of the Keras that wrote it, where the text does not say.
  ///   - sharedPart: whether a network with several outputs ends where all of them begin; otherwise it is refused.
  ///   - layer: the layer that a network with several outputs ends in, where it is one that all of it was; nil for none.
  package init(
    json: String, kerasVersion: String? = nil, sharedPart: Bool = false, layer: String? = nil
  ) throws(CatalogError) {
    let model = try KerasArchitecture(json: json)
    let version = model.kerasVersion ?? kerasVersion ?? (Keras1Layer.wrote(json) ? "1" : nil)
    do throws(CatalogError) {
      self = try DraftedNetwork(model, version: version, sharedPart: sharedPart, layer: layer)
    } catch {
      guard let inner = model.wrappedNetwork,
        let network = try? DraftedNetwork(
          inner.model, version: version, path: inner.path, wrapper: inner.wrapper, leftOut: inner.leftOut)
      else { throw error }
      self = network
    }
  }

  private init(
    _ model: KerasArchitecture, version: String?, path: [String] = [], wrapper: String? = nil,
    leftOut: [String] = [], sharedPart: Bool = false, layer: String? = nil
  ) throws(CatalogError) {
    let flat = FlatArchitecture(model)
    let translation = LayerTranslation(flat, version: version)
    try translation.check(allowingSeveralOutputs: sharedPart || layer != nil)
    guard let shape = flat.inputShape, let channels = shape[2] else {
      throw .malformedArchitecture("the first layer gives no input shape [height, width, channels]")
    }
    var graph = LayerGraph(layers: translation.layers.compactMap(\.self))
    if let output = translation.output { graph = try graph.truncated(at: output) }
    let outputs = translation.outputNames
    isShared = !outputs.isEmpty
    let branches =
      if outputs.isEmpty {
        [] as [String]
      } else if let layer {
        try graph.keepPart(endingAt: layer)
      } else {
        try graph.keepSharedPart(of: outputs)
      }
    let problems = graph.wiringProblems().map(\.problem)
    guard problems.isEmpty else { throw .malformedArchitecture(problems.joined(separator: "; ")) }
    if let height = shape[0], let width = shape[1] {
      let sane = 1...Limits.inputSize
      guard sane ~= height, sane ~= width else {
        throw .malformedArchitecture("the input's size is \(height)x\(width)")
      }
      inputSize = Extent(height, width)
    } else {
      inputSize = nil
    }
    modelName = model.name
    self.graph = graph
    paths = Dictionary(zip(translation.names, flat.layers.map { path + $0.path })) { first, _ in first }
    self.channels = channels
    reversesChannels = flat.reversesChannels
    self.wrapper = wrapper
    self.leftOut = leftOut + branches
    halfPrecisionNote = flat.halfPrecisionNote
    renamed = LayerTranslation.renamed(flat.layers, translation.names)
  }
}

extension DraftedNetwork {
  /// Takes out the layer by which a network of any size brings images to one size, whatever size they have, and returns it; nil for a
  /// network without such a layer.
  ///
  /// What is left computes the same of images that were resized so: ahead of the layer, pixels are scaled at most, and what is between
  /// scaled pixels is as scaled as they are.
  package mutating func takeResizing() -> Resizing? {
    guard inputSize == nil, var last = graph.layers.first?.name else { return nil }
    while true {
      let readers = graph.layers.filter { $0.inputs.contains(last) }
      guard readers.count == 1, let reader = readers.first else { return nil }
      if let resizing = reader.operation as? Resizing {
        guard reader.name != graph.layers.last?.name else { return nil }
        graph.layers.removeAll { $0.name == reader.name }
        for index in graph.layers.indices {
          graph.layers[index].inputs = graph.layers[index].inputs.map { $0 == reader.name ? last : $0 }
        }
        return resizing
      }
      guard reader.operation is Rescaling || reader.operation.isIdentityAtInference else { return nil }
      last = reader.name
    }
  }

  /// What can be said of an architecture of which not all can: the layers that can be described, and the size of the images where
  /// it is given. Layers that read others read layers of no description.
  package static func describedPart(
    of json: String, kerasVersion: String?
  ) -> (graph: LayerGraph, inputSize: Extent?)? {
    guard let model = try? KerasArchitecture(json: json) else { return nil }
    let flat = FlatArchitecture(model)
    let translation = LayerTranslation(flat, version: model.kerasVersion ?? kerasVersion)
    let size = flat.inputShape.flatMap { shape in
      shape[0].flatMap { height in shape[1].map { Extent(height, $0) } }
    }
    return (LayerGraph(layers: translation.layers.compactMap(\.self)), size)
  }
}

extension KerasArchitecture {
  /// The model inside this one that several machines or several images share, in front of which nothing is computed; nil where
  /// there is none.
  fileprivate var wrappedNetwork:
    (model: KerasArchitecture, path: [String], wrapper: String, leftOut: [String])?
  {
    for (index, layer) in layers.enumerated() {
      if let inner = layer.distributedModel {
        return (
          inner, [layer.name], "\(layer.name) (TimeDistributed): taken off, for single images",
          layers[(index + 1)...].map(\.name)
        )
      }
      if let inner = layer.model, layer.calls.count > 1, layers[..<index].contains(where: \.isSlice) {
        return (
          inner, [layer.name],
          "\(layer.name): was computed by \(layer.calls.count) machines at a time; taken as one", []
        )
      }
      guard layer.className == "InputLayer" || layer.actsInTrainingOnly || layer.isSlice else { return nil }
    }
    return nil
  }
}

extension KerasArchitecture.Layer {
  /// The slice of a batch that one of several machines works on.
  fileprivate var isSlice: Bool {
    className == "Lambda" && config["arguments"]?["parts"] != nil && config["arguments"]?["i"] != nil
  }
}

extension FlatArchitecture {
  /// The input's extents `[H, W, C]`, open ones nil; nil where the first layer does not give three.
  fileprivate var inputShape: [Int?]? {
    let shape = layers.first?.inputExtents
    return shape?.count == 3 ? shape : nil
  }
}
