import Encoding
package import Files
import Tensors
package import WeightConversion

/// Weights in a `.npz` file, a zip archive of arrays by name: as Keras names its weights (`conv1/kernel:0`), or as an archive does
/// (`conv1/kernel`). Nothing has been read but names and shapes.
package struct NumPySource: WeightSource {
  package let contents: FileBytes
  package let facts: SourceFacts
  package let layers: [SourceLayer]
  private let arrays: [String: NumPyArray]

  package var formName: String { "npz" }
  package var formWords: String { "a zip archive of arrays" }

  /// Opens and takes apart the file whose bytes are `contents`.
  package init(_ contents: FileBytes) throws(NumPyWeightsError) {
    let archive = try readingFile { () throws(FileError) in try ZipArchive(contents) }
    var arrays: [String: NumPyArray] = [:]
    var order: [String] = []
    var members: [String: [SourceTensor]] = [:]
    // What is packed is unpacked once, all of it in proportion to the file.
    var room = Self.mostUnpacked(of: contents)
    for member in archive.members where member.name.hasSuffix(".npy") {
      let name = String(member.name.dropLast(4))
      let bytes = try readingFile { () throws(FileError) in
        try archive.verify(member)
        return try archive.bytes(of: member, atMost: room)
      }
      room -= member.byteCount
      let array = try NumPyArray(bytes)
      arrays[name] = array
      let (layer, role) = Self.parts(of: name)
      if members[layer] == nil { order.append(layer) }
      members[layer, default: []].append(
        SourceTensor(name: name, path: name, shape: array.shape, scalarType: array.scalarType, role: role))
    }
    if let name = arrays.keys.sorted().first(where: { $0.hasSuffix(".weight") && !$0.contains("/") }) {
      throw .unsupported(
        place: contents.name, what: "arrays with PyTorch's names (\(name.printable))",
        advice: "save them as PyTorch does: torch.save({k: torch.from_numpy(v) for k, v in "
          + "numpy.load('FILE').items()}, 'weights.pth')")
    }
    layers = order.map { SourceLayer(name: $0, tensors: members[$0] ?? []) }
    var facts = SourceFacts(layerNames: order)
    facts.writer = "NumPy"
    facts.origin = WeightOrigin(archive.comment)
    (self.contents, self.facts, self.arrays) = (contents, facts, arrays)
  }

  private static func mostUnpacked(of contents: FileBytes) -> Int {
    let (most, overflow) = contents.byteCount.multipliedReportingOverflow(by: 3)
    return overflow ? .max : most + (48 << 20)
  }

  /// `conv1` and `kernel` of `conv1/kernel:0`, also where the layer's name stands twice, as Keras 2 writes it.
  private static func parts(of name: String) -> (layer: String, role: String?) {
    let found = WeightName(name)
    guard !found.prefix.isEmpty else { return (name, found.role) }
    let halves = found.prefix.split(separator: "/")
    let middle = halves.count / 2
    let isDoubled = halves.count.isMultiple(of: 2) && halves[..<middle] == halves[middle...]
    return (isDoubled ? halves[..<middle].joined(separator: "/") : found.prefix, found.role)
  }

  package func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws {
    guard let array = arrays[tensor.path], array.byteCount == buffer.byteCount else {
      throw NumPyWeightsError.damaged(place: path, reason: "no array \(tensor.path.printable)")
    }
    try readingFile { () throws(FileError) in
      try array.read(into: &buffer)
      try contents.requireUnchanged()
    }
  }
}
