public import Errors

/// Why weights are not converted. Nothing has been written then.
public enum ConversionError: ZooError, Hashable {
  /// A tensor that cannot be a network's.
  case damaged(place: String, reason: String)
  /// A file in whose layers nothing is kept.
  case noWeights(path: String)
  /// A file that describes its own graph, which cannot be followed.
  case undescribed(path: String, reason: String)
  /// No entry of the catalog fits; the nearest one of which anything does, and what is wrong with it.
  case unrecognised(path: String, facts: String, nearest: ConversionMismatch?)
  /// The entry that was asked for does not fit.
  case mismatch(path: String, ConversionMismatch)
  /// Everything fits, and the file holds the classifier's layers besides.
  case hasTop(path: String, entry: String, layers: [String])
  /// Everything fits, but the graph that the file itself describes computes something else; in what, a sentence each.
  case anotherGraph(path: String, entry: String, differences: [String])
  /// Names of classes for another number of classes than the file's classifier tells apart; 0 where it has none.
  case labels(path: String, expected: Int, found: Int)
  /// Something that was asked for by a name that does not exist; `known` are the names there are.
  case unknown(what: String, name: String, known: [String])

  /// The kind of trouble.
  public var family: ErrorFamily {
    switch self {
    case .damaged, .noWeights: .malformed
    case .undescribed: .unsupported
    case .unrecognised, .mismatch, .hasTop, .anotherGraph, .labels: .mismatch
    case .unknown: .missing
    }
  }

  /// One sentence, and the lists below it where there are any.
  public var description: String {
    switch self {
    case .damaged(let place, let reason): "\(place): \(reason); fetch the file again"
    case .noWeights(let path): "\(path): has no weights; save the model with its weights"
    case .undescribed(let path, let reason): "\(path): \(reason)"
    case .unrecognised(let path, let facts, let nearest):
      "\(path): no network of the catalog fits \(facts)"
        + (nearest.map { "; nearest is \($0)" } ?? "; save the whole model, or also give its architecture")
    case .mismatch(let path, let mismatch): "\(path): does not fit \(mismatch)"
    case .hasTop(let path, let entry, let layers):
      "\(path): has \(entry) and, in addition, \(layers.count == 1 ? "the layer" : "the layers")"
        + " \(layers.joined(separator: ", ")); convert it without \(layers.count == 1 ? "it" : "them")"
    case .anotherGraph(let path, let entry, let differences):
      "\(path): has the weights of \(entry), but its own graph computes something else; make an entry from its"
        + " architecture, and convert it as that entry; differences:"
        + differences.prefix(10).map { "\n  \($0)" }.joined()
        + (differences.count > 10 ? "\n  and \(differences.count - 10) more" : "")
    case .labels(let path, 0, let found):
      "\(path): expected no class names, because the network has no classifier, found \(found); leave them out"
    case .labels(let path, let expected, let found):
      "\(path): expected \(expected) class names, one for each output of the classifier, found \(found)"
    case .unknown(let what, let name, let known):
      "no \(what) called '\(name)'; known are \(known.joined(separator: ", "))"
    }
  }
}

/// What did not fit when a file was laid over an entry, in five lists.
public struct ConversionMismatch: Hashable, Sendable, CustomStringConvertible {
  /// The entry, and the weight set whose binding was tried.
  public var target: String
  /// Tensors that fit as they are.
  public var applied: [String] = []
  /// Tensors that fit after their axes are put in order.
  public var transformed: [String] = []
  /// Tensors the entry needs and the file lacks.
  public var missing: [String] = []
  /// Tensors of the file that belong nowhere.
  public var unused: [String] = []
  /// Tensors of the right name and the wrong shape: `name: expected (64,), found (32,)`.
  public var wrongShape: [String] = []

  /// How many tensors fit.
  var fittingCount: Int { applied.count + transformed.count }

  /// How far from fitting; 0 fits.
  var distance: Int { missing.count + unused.count + wrongShape.count }

  /// The five lists in ten lines at most: how much there is in each, and the first of what does not fit.
  public var description: String {
    let fitting = [("applied", applied), ("transformed", transformed)].map { "\n  \($0): \($1.count)" }
    let others = [("missing", missing), ("unused", unused), ("wrong shape", wrongShape)].map { name, list in
      let rest = list.count > 2 ? ", and \(list.count - 1) more" : ""
      return "\n  \(name): \(list.count)"
        + list.prefix(list.count > 2 ? 1 : 2).map { "\n    \($0)\(rest)" }.joined()
    }
    return target + ":" + (fitting + others).joined()
  }
}
