package import Catalog
import Files
import HDF5Writing
import Tensors
package import WeightConversion

/// A weight file of Keras's older form, in the layout of one of a network's weight sets: groups by the names of layers, weights by those that
/// an era of Keras gave them, kernels in its order of axes.
package struct LegacyWeightFile: Sendable {
  /// A layer's group, and its weights in Keras's order.
  private struct Group: Sendable {
    var name: String
    var parameters: [Parameter]
  }

  /// The layout.
  package let layout: WeightSet
  private let hasCounters: Bool
  private let origin: WeightOrigin?
  private let groups: [Group]

  /// - Parameters:
  ///   - target: the network.
  ///   - layout: one of its weight sets.
  ///   - hasCounters: whether normalisations have the counter that Keras keeps and does not use.
  ///   - origin: the network that they are of, where nothing else in the file would tell; Keras passes over it.
  /// - Throws: `WeightSetError` for a set that does not fit the network.
  package init(
    _ target: ConversionTarget, layout: WeightSet, hasCounters: Bool = false, origin: WeightOrigin? = nil
  ) throws(WeightSetError) {
    (self.layout, self.hasCounters, self.origin) = (layout, hasCounters, origin)
    let owned = Dictionary(grouping: target.parameters, by: \.layer)
    groups = try Self.names(target, layout).map {
      Group(name: $0.group, parameters: owned[$0.layer] ?? [])
    }
  }

  /// How many tensors there are.
  package var tensorCount: Int { groups.reduce(0) { $0 + $1.parameters.count } }

  /// Writes the file, complete or not at all.
  ///
  /// - Parameters:
  ///   - path: where.
  ///   - values: the numbers of a parameter, in our order.
  ///   - written: told after every tensor which it was. What it throws ends the work.
  /// - Throws: `HDF5Error`, `FileError`, and what `values` and `written` throw.
  package func write(
    to path: String, values: (Parameter) throws -> [Float], written: (Parameter) throws -> Void
  ) throws {
    try AtomicFile.replace(path) { temporary in
      let writer = try HDF5Writer(path: temporary, destination: path)
      try write(with: writer, values, written)
      try writer.close()
    }
  }

  private func write(
    with writer: borrowing HDF5Writer, _ values: (Parameter) throws -> [Float],
    _ written: (Parameter) throws -> Void
  ) throws {
    let speller = WeightSpeller(layout)
    try writeHeader(writer)
    var kernels = 0
    for group in groups {
      kernels += group.parameters.contains { $0.role == "kernel" } ? 1 : 0
      let counter = hasCounters && group.parameters.haveCounter ? ["count"] : []
      let names = (group.parameters.map(\.role) + counter).map {
        speller.name(layer: group.name, role: $0, kernelRank: kernels)
      }
      try writer.createGroup(group.name)
      try writer.writeNames(names, as: "weight_names", of: group.name)
      for (parameter, name) in zip(group.parameters, names) {
        let path = "\(group.name)/\(name)"
        try writer.createGroup(path.split(separator: "/").dropLast().joined(separator: "/"))
        try writer.writeDataset(
          inFileOrder(try values(parameter), parameter.shape),
          shape: layout.axisOrder.shape(of: parameter.shape, role: parameter.role),
          at: path)
        try written(parameter)
      }
      if !counter.isEmpty, let name = names.last { try writer.writeCounter(at: "\(group.name)/\(name)") }
    }
  }

  private func writeHeader(_ writer: borrowing HDF5Writer) throws {
    let weightless = layout.layersPresent ?? []
    let inputs = weightless.filter { $0.hasPrefix("input_") }
    let others = weightless.filter { !$0.hasPrefix("input_") }
    if let origin { try writer.writeString(origin.text, as: WeightOrigin.attribute, of: "/") }
    try writer.writeList(inputs + groups.map(\.name) + others, as: "layer_names", of: "/")
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
  private static func names(
    _ target: ConversionTarget, _ layout: WeightSet
  ) throws(WeightSetError) -> [(layer: String, group: String)] {
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

extension HDF5Writer {
  /// What Keras puts into one attribute at most.
  private static let mostBytes = 64512

  /// Gives `object` a list of names, in parts `name0`, `name1` and so on where it outgrows one attribute, as Keras does.
  fileprivate func writeList(_ names: [String], as attribute: String, of object: String) throws {
    let width = names.map(\.utf8.count).max() ?? 0
    guard width * names.count > Self.mostBytes else {
      return try writeNames(names, as: attribute, of: object)
    }
    let count = max(1, Self.mostBytes / width)
    for (part, start) in stride(from: 0, to: names.count, by: count).enumerated() {
      try writeNames(
        Array(names[start..<min(start + count, names.count)]), as: "\(attribute)\(part)", of: object)
    }
  }
}
