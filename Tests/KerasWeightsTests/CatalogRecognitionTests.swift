import Catalog
import Files
import Foundation
import KerasWeights
import TestSupport
import Tensors
import Testing
import WeightConversion

/// What a file of weights alone is taken for, by names and shapes: every network of the catalogue in every layout that its sets
/// describe, and in those that need no description.
@Suite struct CatalogRecognitionTests {
  static let targets: ConversionTargets? = try? ConversionTargets(.embedded)

  @Test(arguments: EntryCatalog.embedded.identifiers)
  func everyNetworkIsItselfInEveryLayout(identifier: String) throws {
    let targets = try #require(Self.targets)
    let target = try ConversionTarget(identifier, of: .embedded)
    #expect(target.weightSets.contains { $0.era == .keras3 }, "no file of Keras 3")
    #expect(
      target.weightSets.contains { $0.file == nil && ($0.era == .keras2 || $0.era == .tfKeras2) },
      "none of Keras 2")
    for set in target.weightSets where set.axisOrder == .hwio && set.kernelNames == nil && set.era != .keras1
    {
      let file = try ListedWeights(target, set)
      let recognition = try Recognizer(targets).recognize(file)
      #expect(recognition.fits && recognition.network == identifier, "\(set.tag): \(recognition.network)")
      #expect(recognition.topLayers == [], "\(set.tag)")
      #expect(recognition.graph == set.graph, "\(set.tag)")
      if set.file == nil {
        #expect(recognition.layout.era == set.era, "\(set.tag): \(recognition.weightSet)")
      }
      // A classifier on top changes nothing but that.
      let whole = try Recognizer(targets).recognize(ListedWeights(target, set, top: 1))
      #expect(whole.fits && whole.network == identifier && whole.topLayers == ["predictions"], "\(set.tag)")
    }
  }

  /// Layers of other names, as Keras 2 had them for some of its networks, are told by their order, and the reasons say so.
  @Test(arguments: ["mobilenet_v3_small", "densenet121", "efficientnet_b0", "convnext_tiny"])
  func layersOfOtherNamesAreToldByTheirOrder(identifier: String) throws {
    let targets = try #require(Self.targets)
    let target = try ConversionTarget(identifier, of: .embedded)
    let set = try #require(target.weightSets.first { $0.tag == "keras2" })
    var file = try ListedWeights(target, set)
    file.rename { "other\($0)" }
    let recognition = try Recognizer(targets).recognize(file)
    #expect(recognition.fits && recognition.network == identifier)
    #expect(recognition.reasons.contains { $0.description.contains("its layers go by other names") })
    // Keras 3 names layers as the entry does: a file of it with other names is none of the network.
    file.facts.writerVersion = "3.15.0"
    file.swapLayers()
    #expect(try !Recognizer(targets).recognize(file).fits)
  }

  /// Built without ImageNet's weights, EfficientNet has one layer less, and a normalisation that nothing was ever told: by that
  /// weights alone say which of the graphs is theirs.
  @Test(arguments: [("imagenet", false), ("plain", true)])
  func untouchedWeightsTellTheGraph(graph: String, isUntouched: Bool) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "weights.h5").path
      let target = try ConversionTarget("efficientnet_b0", of: .embedded)
      try SyntheticWeightFile(target, weightSet: nil, seed: 3).write(to: path) { parameter, values in
        guard parameter.layer == "normalization", isUntouched else { return values }
        return values.map { _ in parameter.role == "variance" ? 1 : 0 }
      }
      let recognition = try Recognizer([target]).recognize(KerasWeights.open(path))
      #expect(recognition.fits && recognition.graph == graph)
      #expect(
        recognition.reasons.contains { $0.description.contains("are those that Keras begins with") }
          == isUntouched)
    }
  }

  /// The networks are told apart: none has all of its parameters, by name and shape, in another.
  @Test func noNetworkIsWithinAnother() throws {
    var seen: [Set<String>: String] = [:]
    for identifier in EntryCatalog.embedded.identifiers {
      let parameters = try ConversionTarget(identifier, of: .embedded).parameters
      let key = Set(parameters.map { "\($0.name) \($0.shape)" })
      #expect(seen[key] == nil, "\(identifier) has the weights of \(seen[key] ?? "")")
      seen[key] = identifier
    }
  }
}

/// A file of which nothing is known but what it lists: names, shapes and the Keras that wrote it.
private struct ListedWeights: WeightSource {
  let contents = FileBytes([], name: "listed.h5")
  var facts: SourceFacts
  var layers: [SourceLayer]

  init(_ target: ConversionTarget, _ set: WeightSet, top: Int = 0) throws {
    let binding = try WeightBinding(of: set, layers: target.layers, siblings: target.weightSets)
    let parameters = Dictionary(grouping: target.parameters, by: \.layer)
    let speller = WeightSpeller(set)
    layers = binding.groups.map { layer, group in
      SourceLayer(
        name: group,
        tensors: (parameters[layer] ?? []).map { parameter in
          let name = speller.name(layer: group, role: parameter.role, kernelRank: nil)
          return SourceTensor(
            name: name, path: "/\(group)/\(name)", shape: parameter.shape, scalarType: .float32,
            role: parameter.role)
        })
    }
    for _ in 0..<top {
      let shapes: [(String, TensorShape)] = [("kernel", [11, 1000]), ("bias", [1000])]
      layers.append(
        SourceLayer(
          name: "predictions",
          tensors: shapes.map { role, shape in
            SourceTensor(
              name: "predictions/\(role):0", path: "/predictions/\(role)", shape: shape, scalarType: .float32,
              role: role)
          }))
    }
    facts = SourceFacts(layerNames: layers.map(\.name) + (set.layersPresent ?? []))
    facts.writerVersion = set.kerasVersions?.first
  }

  /// Gives every layer another name, made of its place.
  mutating func rename(_ name: (Int) -> String) {
    layers = layers.enumerated().map { index, layer in
      SourceLayer(
        name: name(index),
        tensors: layer.tensors.map { tensor in
          SourceTensor(
            name: "\(name(index))/\(tensor.role ?? "")", path: "\(name(index))\(tensor.path)",
            shape: tensor.shape,
            scalarType: tensor.scalarType, role: tensor.role)
        })
    }
    facts.layerNames = layers.map(\.name)
  }

  /// Puts the last layer first, which no order of layers survives.
  mutating func swapLayers() { layers = layers.suffix(1) + layers.dropLast() }

  func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws {}
}
