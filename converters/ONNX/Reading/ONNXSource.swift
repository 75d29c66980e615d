import Catalog
import Encoding
package import Files
import Tensors
package import WeightConversion

/// A network in an ONNX file: a graph of layers, and the weights of each under this package's names and in its order of axes.
package struct ONNXSource: WeightSource {
  package let contents: FileBytes
  package let facts: SourceFacts
  package let layers: [SourceLayer]
  private let numbers: ONNXNumbers
  private let weights: [String: StridedNumbers]

  package var formName: String { "onnx" }
  package var formWords: String { "an ONNX model" }
  package var isWholeModel: Bool { true }

  /// Opens the file whose bytes are `contents` and makes layers of its operators.
  ///
  /// - Parameter folder: where files beside it are, which hold its numbers where it says so; nil where none is looked at.
  package init(_ contents: FileBytes, folder: String?) throws(ONNXModelError) {
    let file = try ONNXFileReader.read(contents)
    let model = ONNXWords(file)
    func refuse(_ problems: [String]) -> ONNXModelError {
      .unsupported(place: contents.name, model: model.sentence, problems: problems)
    }
    var odd = file.oddities.map { "it has \($0)" }
    let inputs = file.inputs.filter { file.tensors[$0.name] == nil }
    for port in inputs + file.outputs {
      if let type = port.otherType { odd.append("'\(port.name.prefix(80))' is \(type)") }
    }
    if !(7...27 ~= file.operatorSet) {
      odd.append("its operators are of version \(file.operatorSet); expected 7 to 27")
    }
    if inputs.count != 1 { odd.append("it has \(inputs.count) inputs; expected one, images") }
    if file.outputs.count != 1 {
      let names = file.outputs.prefix(4).map { "'\($0.name.prefix(40))'" }.joined(separator: ", ")
      odd.append("it has \(file.outputs.count) outputs (\(names)); expected one")
    }
    guard odd.isEmpty, let input = inputs.first, let output = file.outputs.first else { throw refuse(odd) }
    var translation = GraphTranslation(file, ONNXNumbers(contents, folder: folder))
    guard let result = try translation.translate(input, output) else { throw refuse(translation.problems) }
    let network = TranslatedNetwork(translation, result)
    (self.contents, numbers) = (contents, translation.numbers)
    (layers, weights) = (network.sources, network.weights)
    var facts = SourceFacts(layerNames: network.graph.layers.map(\.name))
    facts.framework = .onnx
    facts.writer = model.writer
    facts.preprocessing = translation.preprocessing.map { model.labelled($0) } ?? model.preprocessing
    facts.labels = model.labels
    facts.interpolation = model.interpolation
    facts.notes = [model.operators, model.ports] + translation.notes
    if layers.contains(where: { $0.tensors.contains { $0.storedShape != nil } }) {
      facts.notes.append(
        "kernels are (out, in, height, width) in the file, and turned to (height, width, in, out)")
    }
    facts.network = DescribedNetwork(
      name: model.name, graph: network.graph, scalesPixels: translation.scalesPixels)
    let own = translation.layers[0].shape.dimensions
    facts.imageSize = own[0].flatMap { height in own[1].map { Extent(height, $0) } }
    self.facts = facts
  }

  package func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws {
    guard let numbers = weights[tensor.path], numbers.count * tensor.scalarType.byteCount == buffer.byteCount
    else {
      throw ONNXModelError.damaged(place: path, reason: "no tensor '\(tensor.path.prefix(80))'")
    }
    if numbers.isInOrder {
      try self.numbers.read(numbers.tensor, tensor.scalarType, into: &buffer)
      return
    }
    var bytes = try self.numbers.bytes(of: numbers.tensor, tensor.scalarType)
    if numbers.factor != 1 { try multiply(&bytes, by: numbers.factor, tensor) }
    numbers.copy(bytes, size: tensor.scalarType.byteCount, into: &buffer)
  }

  private func multiply(_ bytes: inout [UInt8], by factor: Double, _ tensor: SourceTensor) throws {
    guard tensor.scalarType == .float32 else {
      throw ONNXModelError.damaged(
        place: path,
        reason:
          "tensor '\(tensor.path.prefix(80))' of \(tensor.scalarType.rawValue) is multiplied by \(factor)")
    }
    for start in stride(from: 0, to: bytes.count, by: 4) {
      let bits = UInt32(littleEndian: bytes[start..<start + 4])
      let product = Float(bitPattern: bits) * Float(factor)
      bytes.replaceSubrange(start..<start + 4, with: product.bitPattern.littleEndianBytes)
    }
  }
}

/// Layers that lead to a graph's output, each under a name of its own, and what they own.
private struct TranslatedNetwork {
  var graph = LayerGraph(layers: [])
  var sources: [SourceLayer] = []
  var weights: [String: StridedNumbers] = [:]

  init(_ translation: GraphTranslation, _ result: Maps) {
    let drafts = translation.layers
    var kept: Set<Int> = [0, result.layer]
    for index in drafts.indices.reversed() where kept.contains(index) { kept.formUnion(drafts[index].inputs) }
    var names: [Int: String] = [:]
    var taken: Set<String> = []
    for index in kept.sorted() {
      names[index] = Self.free(drafts[index].name, &taken)
    }
    var layers: [Layer] = []
    for index in kept.sorted() {
      let (draft, name) = (drafts[index], names[index] ?? "")
      layers.append(
        Layer(name: name, operation: draft.operation, inputs: draft.inputs.map { names[$0] ?? "" }))
      let tensors = draft.weights.map { role, numbers in
        source(numbers, role, of: name, isDense: draft.operation is Dense)
      }
      if !tensors.isEmpty { sources.append(SourceLayer(name: name, tensors: tensors)) }
    }
    graph = LayerGraph(layers: layers)
  }

  /// Notes a tensor by its name in the file; one that several layers read also by the layer's.
  private mutating func source(
    _ numbers: StridedNumbers, _ role: String, of layer: String, isDense: Bool
  ) -> SourceTensor {
    var path = numbers.tensor.name.isEmpty ? "\(layer)/\(role)" : numbers.tensor.name
    while weights[path] != nil { path += " (\(layer))" }
    weights[path] = numbers
    var extents = numbers.extents
    // A kernel of a dense layer that reads maps is of two axes.
    if isDense, extents.count == 4 { extents = [extents[0] * extents[1] * extents[2], extents[3]] }
    let shape = TensorShape(extents)
    let stored = TensorShape(numbers.tensor.dimensions)
    return SourceTensor(
      name: numbers.tensor.name, path: path, shape: shape,
      scalarType: ONNXNumbers.scalarType(numbers.tensor.elementType) ?? .float32, role: role,
      storedShape: shape == stored && numbers.isInOrder ? nil : stored)
  }

  /// A name without blanks, no longer than an entry allows, that no layer has yet.
  private static func free(_ wish: String, _ taken: inout Set<String>) -> String {
    var name = String.UnicodeScalarView()
    for scalar in wish.unicodeScalars.drop(while: { $0 == "/" }) where name.count < 60 {
      name.append(scalar.value > 0x20 && scalar.value != 0x7F ? scalar : "_")
    }
    let start = name.isEmpty ? "layer" : String(name)
    var (free, number) = (start, 1)
    while !taken.insert(free).inserted {
      number += 1
      free = "\(start)_\(number)"
    }
    return free
  }
}
