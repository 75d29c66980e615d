import Encoding
public import Errors

/// What can go wrong between an entry's text and a graph with shapes.
public enum CatalogError: ZooError, Equatable {
  /// The entry contradicts itself or the format; every problem found, in the order of the lines.
  case invalidEntry([CatalogProblem])
  /// No entry of this name; `known` are the names there are.
  case unknownEntry(String, known: [String])
  /// The entry has no graph variant of this name.
  case unknownVariant(String, entry: String, known: [String])
  /// The graph has no layer of this name; `nearest` is the one spelled most like it.
  case unknownLayer(String, nearest: String?)
  /// The graph itself is wrong, or an input has the wrong size for it.
  case invalidGraph(layer: String, problem: String)
  /// An input below the smallest size a network takes.
  case inputTooSmall(minimum: Extent, found: Extent)
  /// An input of a size for which Keras would build another graph.
  case inputNotMultiple(of: Int, found: Extent)
  /// Layers of an architecture file that have no counterpart here, all of them.
  case unsupportedLayers([String])
  /// A model of several outputs, which are those of these layers.
  case severalOutputs([String])
  /// An architecture file that is not one.
  case malformedArchitecture(String)
  /// A file or folder of the catalog that cannot be read.
  case unreadable(path: String, reason: String)
  /// A file that is something else than the text it is read as.
  case anotherFile(path: String, expected: String, found: String)

  /// The kind of trouble.
  public var family: ErrorFamily {
    switch self {
    case .invalidEntry, .malformedArchitecture, .anotherFile: .malformed
    case .unknownEntry, .unknownVariant, .unknownLayer, .unreadable: .missing
    case .invalidGraph, .inputTooSmall, .inputNotMultiple: .mismatch
    case .unsupportedLayers, .severalOutputs: .unsupported
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .invalidEntry(let problems):
      problems.map(\.description).joined(separator: "\n")
    case .unknownEntry(let name, let known):
      "catalog: no entry called \(name); "
        + (nearest(to: name, in: known).map { "did you mean \($0)?" }
          ?? "known are \(known.joined(separator: ", "))")
    case .unknownVariant(let name, let entry, let known):
      known.isEmpty
        ? "\(entry): no graph variant \(name); this entry has one graph only"
        : "\(entry): no graph variant \(name); known are \(known.joined(separator: ", "))"
    case .unknownLayer(let name, let nearest):
      "graph: no layer called \(name)" + (nearest.map { "; did you mean \($0)?" } ?? "")
    case .invalidGraph(let layer, let problem):
      "layer \(layer): \(problem)"
    case .inputTooSmall(let minimum, let found):
      "input size: must be at least \(minimum.height)x\(minimum.width), found \(found.height)x\(found.width); "
        + "choose a larger size"
    case .inputNotMultiple(let factor, let found):
      "input size: must be a multiple of \(factor), found \(found.height)x\(found.width); the zeros around the network's "
        + "layers are those of such sizes; choose one"
    case .unsupportedLayers(let layers):
      "architecture: \(layers.count) of its layers cannot be described in an entry:\n  "
        + layers.joined(separator: "\n  ")
    case .severalOutputs(let layers):
      "architecture: the model has \(layers.count) outputs (\(layers.joined(separator: ", "))); expected one; save a model of one of"
        + " them: keras.Model(model.input, model.outputs[0]).save('one.keras')"
    case .malformedArchitecture(let problem):
      "architecture: \(problem); expected what Keras's model.to_json() writes"
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)".printable
    case .anotherFile(let path, let expected, let found):
      "\(path): expected \(expected), found \(found); name the right file".printable
    }
  }
}

/// One thing wrong with an entry, and where: `<entry>/model.json:24: ...`.
public struct CatalogProblem: Hashable, Sendable, CustomStringConvertible {
  /// The entry's file.
  public var file: String
  /// Counted from 1.
  public var line: Int
  /// What is wrong.
  public var text: String

  package init(file: String, line: Int, text: String) {
    self.file = file
    self.line = line
    self.text = text
  }

  /// Place and problem, as compilers print them.
  public var description: String { "\(file):\(line): \(text)".printable }
}
