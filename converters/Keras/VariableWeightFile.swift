package import Catalog
import Files
import HDF5Writing
import Tensors
package import WeightConversion

/// A weight file of Keras 3, `.weights.h5`: a layer's variables under its place in the model's list of layers, such as
/// `layers/conv2d_1/vars/0`.
package struct VariableWeightFile: Sendable {
  private struct Place: Sendable {
    var path: String
    var name: String
    var parameters: [Parameter]
  }

  private let places: [Place]
  private let modelName: String
  private let origin: WeightOrigin?

  /// - Parameters:
  ///   - layers: those of the model, in the order in which it lists them, with the names they have in Keras.
  ///   - parameters: of each layer, in Keras's order.
  ///   - modelName: what the model is called.
  ///   - origin: the network that they are of, where nothing else in the file would tell; Keras passes over it.
  package init(
    _ layers: [(layer: Layer, parameters: [Parameter])], modelName: String, origin: WeightOrigin? = nil
  ) {
    let paths = layers.map(\.layer.operation).automaticNames
    places = zip(layers, paths).map {
      Place(path: "layers/\($1)/vars", name: $0.layer.name, parameters: $0.parameters)
    }
    (self.modelName, self.origin) = (modelName, origin)
  }

  /// How many tensors there are.
  package var tensorCount: Int { places.reduce(0) { $0 + $1.parameters.count } }

  /// Writes the file, complete or not at all.
  ///
  /// - Parameters:
  ///   - path: where.
  ///   - values: the numbers of a parameter.
  ///   - written: told after every tensor which it was. What it throws ends the work.
  /// - Throws: `HDF5Error`, `FileError`, and what `values` and `written` throw.
  package func write(
    to path: String, values: (Parameter) throws -> [Float], written: (Parameter) throws -> Void
  ) throws {
    try AtomicFile.replace(path) { temporary in
      try write(at: temporary, for: path, values: values, written: written)
    }
  }

  /// Overwrites the file at a temporary path, which is part of what will be at `destination`.
  func write(
    at temporary: String, for destination: String, values: (Parameter) throws -> [Float],
    written: (Parameter) throws -> Void
  ) throws {
    let writer = try HDF5Writer(path: temporary, destination: destination)
    if let origin { try writer.writeString(origin.text, as: WeightOrigin.attribute, of: "/") }
    try writer.createGroup("vars")
    try writer.writeString(modelName, as: "name", of: "vars")
    for place in places {
      try writer.createGroup(place.path)
      try writer.writeString(place.name, as: "name", of: place.path)
      for (index, parameter) in place.parameters.enumerated() {
        try writer.writeDataset(
          try values(parameter), shape: parameter.shape, at: "\(place.path)/\(index)")
        try written(parameter)
      }
      if place.parameters.haveCounter {
        try writer.writeCounter(at: "\(place.path)/\(place.parameters.count)")
      }
    }
    try writer.close()
  }
}

extension [Parameter] {
  /// Whether they are a `Normalization`'s, which also counts the images it has seen. Archives leave that out; Keras wants a number there
  /// and does not use it.
  var haveCounter: Bool { map(\.role) == ["mean", "variance"] }
}
