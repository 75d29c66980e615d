import Catalog
import Files
import Foundation
import ModelZoo
import TensorArchive
import TestSupport
import Tensors
import Testing
import TorchWeights
import WeightConversion

/// Every network that the catalog has of torchvision and timm: its files are recognised by their content, converted value by value, and computed as
/// torchvision computes them.
@Suite struct TorchNetworkTests {
  /// The networks with a graph of PyTorch, and the graph.
  static let graphs: [[String]] = EntryCatalog.embedded.identifiers.flatMap { identifier in
    ((try? EntryCatalog.embedded.foreignGraphs(of: identifier)) ?? []).map { [identifier, $0.graph] }
  }

  @Test func theCatalogHasThem() { #expect(Self.graphs.count == 90) }

  /// Fine-tuning moves averages as much as PyTorch's modules do, which `torch/momentum/make.py` asked.
  @Test func normalizationsHaveTheMomentumOfTheirModules() throws {
    let url = URL(fileURLWithPath: Repository.fixture("torch/momentum/momentum.json"))
    let expected = try JSONDecoder().decode([String: Double].self, from: Data(contentsOf: url))
    #expect(expected.count == 71 && Set(expected.values) == [0.9, 0.99])
    for key in Self.graphs {
      let graph = try EntryCatalog.embedded.entry(key[0]).graph(variant: key[1])
      let found = Set(
        graph.layers.compactMap { ($0.operation as? Catalog.BatchNormalization).map { $0.momentum ?? 0.99 } })
      #expect(found == Set([expected["\(key[0]) \(key[1])"]].compactMap(\.self)), "\(key)")
    }
  }

  /// A file of names and shapes alone is enough to tell what it is, with a classifier and without, also from a wrapper.
  @Test(arguments: graphs) func everyNetworkIsRecognised(key: [String]) throws {
    let targets = try ConversionTargets(.embedded)
    let target = try ConversionTarget(key[0], of: .embedded, graph: key[1])
    let set = try #require(target.weightSets.first)
    #expect(target.weightSets.count == 1 && set.tag == key[1])
    // Of one network with two graphs the weights say nothing.
    let graphs = Self.graphs.filter { $0[0] == key[0] }.map { $0[1] }
    for source in [
      try ListedStateDictionary(target, set), try ListedStateDictionary(target, set, classifier: 1000),
    ] {
      let recognition = try Recognizer(targets).recognize(source)
      #expect(
        recognition.fits && recognition.network == key[0] && graphs.contains(recognition.graph ?? ""),
        "\(key)")
      #expect(recognition.topLayers == [] && recognition.kernels == .tensorflow)
      let classes = source.hasClassifier ? 1000 : nil
      #expect(recognition.classCount == classes, "\(key)")
      var options = ConversionOptions()
      (options.network, options.graph, options.dropsTop) = (key[0], key[1], true)
      let asked = try Recognizer(targets).recognize(source, options: options)
      #expect(asked.fits && asked.graph == key[1] && asked.classCount == nil, "\(key)")
    }
  }

  /// A network of torchvision as the fixture has it: features of an image from the seed, every so many.
  struct Expected: Decodable {
    let size: Int
    let shape: [Int]
    let largest: Float
    let step: Int
    let values: [Float]
    /// SHA-256 of the names and shapes of its tensors but the classifier's, sorted, a line each.
    let names: String
  }

  static let expected: [String: Expected] = {
    let url = URL(fileURLWithPath: Repository.fixture("torch/networks.json"))
    return (try? JSONDecoder().decode([String: Expected].self, from: Data(contentsOf: url))) ?? [:]
  }()

  /// The entries and graphs of networks that PyTorch's libraries call otherwise.
  private static let others: [String: (identifier: String, graph: String)] = [
    "squeezenet1_1": ("squeezenet", "torchvision"), "squeezenet1_0": ("squeezenet_1.0", "torchvision"),
    "inception_v3": ("inception_v3", "torchvision-plain"), "timm/convnext_tiny": ("convnext_tiny", "timm"),
    "timm/efficientnet_b0": ("efficientnet_b0", "timm"), "timm/vgg11": ("vgg11", "timm"),
    "timm/tf_efficientnet_b0": ("efficientnet_b0", "timm-tf"),
    "timm/tf_efficientnetv2_b0": ("efficientnet_v2_b0", "timm"),
    "timm/mobilenetv3_small_100": ("mobilenet_v3_small", "timm"),
    "timm/tf_mobilenetv3_small_minimal_100": ("mobilenet_v3_small_minimal", "timm-tf"),
    "timm/mobilenetv2_035": ("mobilenet_v2_0.35", "timm"), "timm/mobilenetv1_100": ("mobilenet", "timm"),
    "timm/legacy_xception": ("xception", "timm"),
    "timm/inception_resnet_v2": ("inception_resnet_v2", "timm"),
  ]
  /// Networks of timm that are meant for pixels from -1 to 1.
  private static let ofSymmetricPixels: Set = [
    "timm/tf_mobilenetv3_small_minimal_100", "timm/mobilenetv1_100", "timm/legacy_xception",
    "timm/inception_resnet_v2",
  ]

  @Test(arguments: expected.keys.sorted()) func featuresAreThoseOfPyTorch(name: String) throws {
    let expected = try #require(Self.expected[name])
    let (identifier, graph) = Self.others[name] ?? (name, "torchvision")
    let target = try ConversionTarget(identifier, of: .embedded, graph: graph)
    try withTemporaryFolder { folder in
      let (weights, archive) = (folder.appending(path: "w").path, folder.appending(path: "a").path)
      try SyntheticStateDictionary(target, #require(target.weightSets.first), seed: 11).write(to: weights)
      let lines = try Archive(contentsOf: weights).tensors.map { "\($0.name) \($0.shape)\n" }.sorted()
      var digest = SHA256()
      Array(lines.joined().utf8).withRawSpan { digest.update($0) }
      #expect(digest.hexadecimal == expected.names, "\(name)")
      var options = ConversionOptions()
      if ["inception_v3", "timm/tf_efficientnet_b0", "timm/vgg11"].contains(name) {
        (options.network, options.graph) = (identifier, graph)
      }
      try NetworkCatalog().convert(weights, to: archive, options: options)
      let size = BackboneOptions(size: expected.size, pooling: FeaturePooling.none)
      let backbone = try Backbone(contentsOf: archive, options: size, threads: 2)
      #expect(
        backbone.recipe.preprocessing.label == (Self.ofSymmetricPixels.contains(name) ? "tf" : "torch"))
      #expect(backbone.recipe.interpolation == (name.hasPrefix("timm/") ? .bicubic : .bilinear))
      let image = SyntheticWeights(seed: 11).images(count: 1, height: expected.size, width: expected.size)
      let features = try backbone.features(image)
      #expect(features.shape.dimensions.suffix(3) == expected.shape[...], "\(name)")
      for (index, value) in expected.values.enumerated() {
        let found = features.scalars[index * expected.step]
        #expect(
          abs(found - value) <= 2e-5 * expected.largest, "\(name) \(index): \(found), expected \(value)")
      }
    }
  }
}

/// A state dictionary of which nothing is known but names and shapes.
struct ListedStateDictionary: WeightSource {
  let contents: FileBytes = FileBytes([], name: "listed.pth")
  var facts: SourceFacts
  let layers: [SourceLayer]
  let hasClassifier: Bool

  init(_ target: ConversionTarget, _ set: WeightSet, classifier classes: Int? = nil) throws {
    let binding = try WeightBinding(of: set, layers: target.layers, siblings: target.weightSets)
    let parameters = Dictionary(grouping: target.parameters, by: \.layer)
    var layers = binding.groups.map { layer, group in
      SourceLayer(
        name: group,
        tensors: (parameters[layer] ?? []).map { parameter in
          SourceTensor(
            name: "\(group).\(parameter.role)", path: "\(group).\(parameter.role)",
            shape: AxisOrder.pytorch.shape(of: parameter.shape, role: parameter.role), scalarType: .float32,
            role: parameter.role == "depthwise_kernel" ? "kernel" : parameter.role)
        })
    }
    let entry = try CatalogEntry(json: target.json)
    let features = try #require(
      try entry.graph(variant: set.graph).activationShapes(
        height: entry.defaultSize.height, width: entry.defaultSize.width
      ).last)
    var inputs = 0
    let listed = classes == nil ? [] : set.classifier ?? []
    for (index, line) in listed.enumerated() {
      let outputs = index == listed.count - 1 ? classes ?? 0 : 64
      let input = index > 0 ? .pooled : set.classifierReads ?? .pooled
      let dense = index > 0 ? [inputs, outputs] : input.kernelShape(reading: features, outputs: outputs)
      let kernel =
        WeightSet.isConvolution(line)
        ? input.convolutionShape(features, inputs: dense[0], outputs: outputs) : dense
      let parameters: [(role: String, shape: TensorShape)] = [
        ("kernel", AxisOrder.pytorch.shape(of: kernel, role: "kernel")), ("bias", [outputs]),
      ]
      let group = line[0]
      layers.append(
        SourceLayer(
          name: group,
          tensors: parameters.map { role, shape in
            let name = group + "." + role
            return SourceTensor(name: name, path: name, shape: shape, scalarType: .float32, role: role)
          }))
      inputs = outputs
    }
    hasClassifier = !listed.isEmpty
    // No order is told by a dictionary.
    self.layers = layers.reversed()
    facts = SourceFacts(layerNames: layers.map(\.name))
    facts.framework = .pyTorch
  }

  func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws {}
}
