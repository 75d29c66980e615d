import Catalog
import Execution
import Foundation
import Images
import Kernels
import Randomness
import TensorArchive
import Tensors

/// An entry of the catalog with synthetic weights.
struct BenchmarkSubject {
  let identifier: String
  let network: ArchivedNetwork
  let height: Int
  let width: Int
  private let weights = SyntheticWeights(seed: 1)

  /// The entries that are meant: where none is named, those of which several kinds of weight files are described. All would take
  /// hours.
  static func identifiers(_ wanted: [String]) throws -> [String] {
    let catalog = EntryCatalog.embedded
    for identifier in wanted { _ = try catalog.entry(identifier) }
    return wanted.isEmpty ? catalog.identifiers.filter { catalog.weightFiles(of: $0).count > 1 } : wanted
  }

  init(_ identifier: String) throws {
    let entry = try EntryCatalog.embedded.entry(identifier)
    self.identifier = identifier
    network = try ArchivedNetwork(entry: entry, variant: nil)
    (height, width) = (entry.defaultSize.height, entry.defaultSize.width)
  }

  /// `network 224 x 224`.
  var title: String { "\(identifier) \(height) x \(width)" }

  func images(_ count: Int) -> Tensor { weights.images(count: count, height: height, width: width) }

  func plan(pool: ThreadPool) throws -> Plan {
    let parameters = try Dictionary(
      uniqueKeysWithValues: network.graph().parameters(height: height, width: width).map { ($0.name, $0) })
    return try Plan(
      graph: network.graph(), parameters: { parameters[$0].flatMap(view) }, height: height, width: width,
      pool: pool)
  }

  private func view(_ parameter: Parameter) -> TensorView? {
    let values = weights.values(layer: parameter.layer, role: parameter.role, shape: parameter.shape)
    return TensorView(Tensor(shape: parameter.shape, scalars: values))
  }

  /// Lends an archive of the network that is removed afterwards.
  func withArchive(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "\(identifier).zoo.safetensors").path
    let parameters = try Dictionary(
      uniqueKeysWithValues: network.graph().parameters(height: height, width: width).map { ($0.name, $0) })
    let manifest = Manifest(producer: Release.producer, sections: network.sections)
    let declarations = parameters.values.map { TensorDeclaration(name: $0.name, shape: $0.shape) }
    try ArchiveWriter.write(to: path, manifest: manifest, tensors: declarations) { writer in
      for declaration in writer.tensors {
        try parameters[declaration.name].flatMap(view)?.withBytes {
          try writer.append($0, of: declaration.name)
        }
      }
    }
    try body(path)
  }

  /// Writes an image of noise beside `archive`; returns its path.
  func writeImage(beside archive: String) throws -> String {
    var generator = SplitMix64(seed: 1)
    let pixels = (0..<height * width * 3).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 56) }
    let place = URL(fileURLWithPath: archive).deletingLastPathComponent().appending(path: "image.png")
    try Data(Bitmap(width: width, height: height, samples: pixels).png()).write(to: place)
    return place.path
  }
}
