package import Catalog
import Files
import HDF5
import HDF5Writing
import TensorArchive
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
    let groups = try fileGroups()
    try AtomicFile.replace(path) { temporary in
      let writer = try HDF5Writer(path: temporary, destination: path)
      try write(groups, writer, change, progress)
      try writer.close()
    }
  }

  private func write(
    _ groups: [(layer: String, group: String)], _ writer: borrowing HDF5Writer,
    _ change: (Parameter, [Float]) -> [Float], _ progress: (Int) -> Void
  ) throws {
    let parameters = Dictionary(grouping: target.parameters, by: \.layer)
    let speller = WeightSpeller(layout)
    let values = SyntheticWeights(seed: seed)
    try writeHeader(groups.map(\.group), writer)
    var kernels = 0
    var written = 0
    for (layer, group) in groups {
      try Task.checkCancellation()
      let owned = parameters[layer] ?? []
      kernels += owned.contains { $0.role == "kernel" } ? 1 : 0
      let names = owned.map { speller.name(layer: group, role: $0.role, kernelRank: kernels) }
      try writer.createGroup(group)
      try writer.writeNames(names, as: "weight_names", of: group)
      for (parameter, name) in zip(owned, names) {
        let path = "\(group)/\(name)"
        try writer.createGroup(path.split(separator: "/").dropLast().joined(separator: "/"))
        let ours = change(
          parameter, values.values(layer: layer, role: parameter.role, shape: parameter.shape))
        let shape = layout.axisOrder.shape(of: parameter.shape)
        try writer.writeDataset(inFileOrder(ours, parameter.shape), shape: shape, at: path)
        written += 1
        progress(written)
      }
    }
  }

  private func writeHeader(_ groups: [String], _ writer: borrowing HDF5Writer) throws(HDF5Error) {
    let weightless = layout.layersPresent ?? []
    let inputs = weightless.filter { $0.hasPrefix("input_") }
    let others = weightless.filter { !$0.hasPrefix("input_") }
    try writer.writeNames(inputs + groups + others, as: "layer_names", of: "/")
    if let version = layout.kerasVersions?.first {
      try writer.writeString("tensorflow", as: "backend", of: "/")
      try writer.writeString(version, as: "keras_version", of: "/")
    }
    for layer in weightless {
      try writer.createGroup(layer)
      try writer.writeNames([], as: "weight_names", of: layer)
    }
  }

  /// The groups under the names that the set's Keras gives in a fresh process.
  private func fileGroups() throws(WeightSetError) -> [(layer: String, group: String)] {
    let binding = try WeightBinding(of: layout, layers: target.layers, siblings: target.weightSets)
    var ranks: [String: String] = [:]
    let numbered = binding.groups.map { AutoNumberedName($0.group) }
    for (stem, names) in Dictionary(grouping: numbered, by: \.stem) where binding.autoNumbered.contains(stem)
    {
      for (rank, name) in names.sorted(by: { $0.number < $1.number }).enumerated() {
        let number = rank + (layout.firstNumber ?? 0)
        ranks["\(stem) \(name.number)"] = number == 0 ? stem : "\(stem)_\(number)"
      }
    }
    return binding.groups.map { layer, group in
      let name = AutoNumberedName(group)
      return (layer, ranks["\(name.stem) \(name.number)"] ?? group)
    }
  }

  /// Values in our order, put into the file's.
  private func inFileOrder(_ values: [Float], _ shape: TensorShape) -> [Float] {
    guard shape.rank == 4, layout.axisOrder == .oihw || layout.kernels == .theano else { return values }
    let (positions, ins, outs) = (shape[0] * shape[1], shape[2], shape[3])
    var result = [Float](repeating: 0, count: values.count)
    for position in 0..<positions {
      let place = layout.kernels == .theano ? positions - 1 - position : position
      for input in 0..<ins {
        for output in 0..<outs {
          let value = values[(position * ins + input) * outs + output]
          let index =
            layout.axisOrder == .oihw
            ? (output * ins + input) * positions + place : (place * ins + input) * outs + output
          result[index] = value
        }
      }
    }
    return result
  }
}
