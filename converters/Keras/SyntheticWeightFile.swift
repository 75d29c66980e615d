package import Catalog
import Files
import HDF5Writing
import Tensors
package import WeightConversion

/// A weight file in the layout of one of a network's weight sets, at full size, with values from a seed: for trials
/// without real weights.
public struct SyntheticWeightFile: Sendable {
  /// The version of libhdf5, which writes these files: `1.14.5`.
  package static var libraryVersion: String { Library.version }

  private let target: ConversionTarget
  private let layout: WeightSet
  /// What decides every value.
  public let seed: UInt64

  package init(_ target: ConversionTarget, weightSet tag: String?, seed: UInt64) throws(ConversionError) {
    self.target = target
    self.seed = seed
    let sets = target.weightSets
    guard let set = tag == nil ? Self.preferred(sets) : sets.first(where: { $0.tag == tag }) else {
      throw .unknown(
        what: "weight set of \(target.identifier)", name: tag ?? "", known: sets.map(\.tag))
    }
    layout = set
  }

  /// What is downloaded today: the newest published file in our own order of kernels.
  private static func preferred(_ sets: [WeightSet]) -> WeightSet? {
    let ours = sets.filter { $0.file != nil && $0.axisOrder == .hwio }
    return ours.first { $0.kerasVersions != nil } ?? ours.first ?? sets.first
  }

  /// The network of the catalog.
  public var network: String { target.identifier }
  /// The title of the network.
  public var title: String { target.title }
  /// The tag of the weight set.
  public var weightSet: String { layout.tag }
  /// The name under which such a file was published, where it was.
  public var fileName: String {
    if let name = layout.file?.name, WeightSet.isFileName(name) { return name }
    return "\(target.identifier)_\(layout.tag)_notop.h5"
  }
  /// How many tensors it has.
  public var tensorCount: Int { target.parameters.count }
  /// How many values they have together.
  public var valueCount: Int { target.parameters.reduce(0) { $0 + $1.shape.elementCount } }

  /// Writes the file, complete or not at all; the same seed gives the same bytes.
  ///
  /// - Parameters:
  ///   - path: where to write it.
  ///   - progress: told after every tensor how many are done, of ``tensorCount``.
  /// - Returns: the size of the file in bytes.
  /// - Throws: `HDF5Error` and `ArchiveError` where it cannot be written, `CancellationError` where the task is cancelled.
  /// - Complexity: O(bytes) time; memory for the largest tensor.
  @discardableResult
  public func write(to path: String, progress: (_ tensors: Int) -> Void = { _ in }) throws -> Int {
    try write(to: path, change: { $1 }, progress: progress)
    return try FileFacts(path: path).byteCount
  }

  /// The same with other values: `change` makes them of those a parameter has.
  package func write(
    to path: String, change: (Parameter, [Float]) -> [Float], progress: (Int) -> Void = { _ in }
  ) throws {
    let values = SyntheticWeights(seed: seed)
    var written = 0
    try LegacyWeightFile(target, layout: layout).write(to: path) { parameter in
      try Task.checkCancellation()
      return change(
        parameter, values.values(layer: parameter.layer, role: parameter.role, shape: parameter.shape))
    } written: { _ in
      written += 1
      progress(written)
    }
  }
}
