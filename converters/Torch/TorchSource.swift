import Encoding
package import Files
import TensorArchive
import Tensors
package import WeightConversion

/// Weights that PyTorch saved, taken apart: modules in the file's order, each with its tensors. Nothing has been read but names and
/// shapes.
package struct TorchSource: WeightSource {
  private enum Place: Sendable {
    case storages(TorchStorages, [String: TorchTensor])
    case safetensors(Archive)
  }

  package let contents: FileBytes
  package let form: TorchFileForm
  package let facts: SourceFacts
  package let layers: [SourceLayer]
  private let tensors: Place
  private var beside = LeftAside()

  package var formName: String { form.rawValue }
  package var formWords: String { form.words }

  init(_ contents: FileBytes, _ form: TorchFileForm) throws(TorchWeightsError) {
    let (dictionary, storages) =
      try form == .zip ? TorchZip.read(contents) : TorchLegacy.read(contents)
    let byName = Dictionary(dictionary.tensors + dictionary.beside) { first, _ in first }
    let tensors = dictionary.tensors.filter { $0.name != TorchNames.counter }
    let names = TorchNames(tensors.map(\.name))
    layers = TorchLayers.layers(
      zip(tensors, names.names).map { entry, plain in
        TorchLayers.Named(
          name: entry.name, plainName: plain, shape: entry.tensor.shape, scalarType: entry.tensor.scalarType)
      })
    let counters = tensors.count < dictionary.tensors.count ? ["'\(TorchNames.counter)'"] : []
    facts = Self.facts(
      layers, notes: dictionary.notes + [names.note].compactMap(\.self), dictionary.others + counters)
    (self.contents, self.form, self.tensors) = (contents, form, .storages(storages, byName))
    beside.tensors = dictionary.beside.map { name, tensor in
      SourceTensor(name: name, path: name, shape: tensor.shape, scalarType: tensor.scalarType, role: nil)
    }
  }

  /// A safetensors file that no archive of ours is.
  init(safetensors contents: FileBytes) throws(TorchWeightsError) {
    let archive: Archive
    do throws(ArchiveError) {
      archive = try Archive(contentsOf: contents.name)
    } catch {
      throw .safetensors(error)
    }
    let tensors = archive.tensors.filter { $0.name != TorchNames.counter }
    let names = TorchNames(tensors.map(\.name))
    layers = TorchLayers.layers(
      zip(tensors, names.names).map { tensor, plain in
        TorchLayers.Named(
          name: tensor.name, plainName: plain, shape: tensor.shape, scalarType: tensor.scalarType)
      })
    facts = Self.facts(layers, notes: [names.note].compactMap(\.self), [])
    (self.contents, form, self.tensors) = (contents, .safetensors, .safetensors(archive))
  }

  private static func facts(_ layers: [SourceLayer], notes: [String], _ others: [String]) -> SourceFacts {
    var facts = SourceFacts(layerNames: layers.map(\.name))
    facts.framework = .pyTorch
    facts.writer = "PyTorch"
    facts.notes = notes
    facts.others = others
    return facts
  }

  package func leftAside() -> LeftAside { beside }

  package func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws {
    switch tensors {
    case .storages(let storages, let byName):
      guard let found = byName[tensor.path] else {
        throw TorchWeightsError.damaged(place: path, reason: "no tensor \(tensor.path.printable)")
      }
      try storages.read(found, into: &buffer)
      try readingFile { () throws(FileError) in try contents.requireUnchanged() }
    case .safetensors(let archive):
      let view = try archive.tensor(named: tensor.path)
      view.withBytes { buffer.write($0, at: 0) }
    }
  }
}

/// Opens weight files of PyTorch: what they are is told from their content.
package enum TorchWeights {
  /// Opens and takes apart the file whose bytes are `contents`.
  ///
  /// - Parameter kind: what the file is.
  /// - Returns: nil for a file of another kind.
  package static func open(
    _ contents: FileBytes, _ kind: FileKind
  ) throws(TorchWeightsError) -> TorchSource? {
    switch kind {
    case .model(.pyTorch): return try TorchSource(contents, .zip)
    case .model(.legacyPyTorch): return try TorchSource(contents, .legacy)
    case .safetensors: return try TorchSource(safetensors: contents)
    case .container(.zip):
      // A program of PyTorch has its pickle behind the tensors, where the first bytes do not tell.
      try TorchZip.refuseProgram(
        readingFile { () throws(FileError) in try ZipArchive(contents) }, contents.name)
      return nil
    default: return nil
    }
  }
}
