import Encoding
public import Errors

/// Why weights cannot be converted. Nothing has been written.
public enum ConversionError: ZooError, Hashable {
  /// A tensor that cannot belong to a network.
  case damaged(place: String, reason: String)
  /// A tensor that is needed and has whole numbers, as those of a quantized model.
  case wholeNumbers(place: String, type: String)
  /// Rotated kernels were asked for of a file of PyTorch, whose kernels never are.
  case rotatedPyTorch(path: String)
  /// A file whose layers have no weights.
  case noWeights(path: String)
  /// Nothing in the model learns: none of its layers, of these classes, has weights.
  case nothingLearnt(path: String, classes: [String])
  /// A whole model whose graph cannot be converted.
  case undescribed(path: String, reason: String)
  /// A file that fits, of a network that nothing here can run.
  case notRunnable(path: String, reason: String)
  /// No entry of the catalog fits; the nearest one, if any tensor fits it, and its mismatches.
  case unrecognised(path: String, facts: String, nearest: ConversionMismatch?)
  /// Weights with PyTorch's names that no entry of the catalog has; the network that they are of, in words, where its names tell it; the
  /// nearest entry, if any tensor fits it, and its mismatches.
  case unknownStateDictionary(path: String, facts: String, network: String?, nearest: ConversionMismatch?)
  /// The requested entry does not fit.
  case mismatch(path: String, ConversionMismatch)
  /// Everything fits, but the file also has the layers of a classifier; `ownGraph` says why the graph that the file itself describes
  /// is not followed, nil where it describes none.
  case hasTop(path: String, entry: String, layers: [String], ownGraph: String? = nil)
  /// Everything fits of weights with PyTorch's names, but the file also has modules that are no classifier of the network as it is known.
  case hasModules(path: String, entry: String, modules: [String])
  /// Everything fits, but the file's own graph computes something else; one sentence for each difference, and why that graph
  /// cannot be followed, where it is for that.
  case anotherGraph(path: String, entry: String, differences: [String], ownGraph: String? = nil)
  /// Nothing was learnt up to where features would end: up to a layer that was asked for, or without a classifier (nil).
  case noFeatures(path: String, layer: String?)
  /// A layer was asked for that the file does not have; some of those that it has, the most similar one first.
  case unknownLayer(path: String, layer: String, known: [String])
  /// Class names were given of a classifier that is not converted, since it is left out or features end at a layer.
  case labelsLeftOut(path: String)
  /// Another number of class names than the classifier has outputs; `expected` is 0 where there is no classifier.
  case labels(path: String, expected: Int, found: Int)
  /// An archive that was written and is not what was read; one sentence for each difference. It was removed again.
  case notProved(path: String, archive: String, differences: [String])
  /// A requested name that does not exist; `known` are the names that do.
  case unknown(what: String, name: String, known: [String])

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .damaged, .noWeights: .malformed
    case .nothingLearnt, .noFeatures, .wholeNumbers: .unsupported
    case .undescribed, .notRunnable: .unsupported
    case .rotatedPyTorch, .unrecognised, .unknownStateDictionary, .mismatch, .hasTop, .hasModules,
      .anotherGraph, .labels, .labelsLeftOut, .notProved:
      .mismatch
    case .unknown, .unknownLayer: .missing
    }
  }

  /// The error in one sentence, with lists below it where there are any.
  public var description: String {
    switch self {
    case .damaged(let place, let reason): "\(place): \(reason); fetch the file again"
    case .wholeNumbers(let place, let type):
      "\(place): expected numbers with fractions, found whole ones (\(type)), as in a quantized model; save the weights as they were "
        + "before it was quantized, or as the float32 numbers that these stand for"
    case .rotatedPyTorch(let path):
      "\(path): kernels in the order theano were asked for, and those of a file of PyTorch are never rotated; leave the order out"
    case .noWeights(let path): "\(path): has no weights; save the model with its weights"
    case .nothingLearnt(let path, let classes):
      "\(path): a model without weights by its nature: none of its layers (\(classes.joined(separator: ", "))) learns anything; "
        + "there is nothing to convert, as a converted network is one that learnt"
    case .undescribed(let path, let reason): "\(path): \(reason)"
    case .notRunnable(let path, let reason):
      "\(path): its network can be described, but not run: \(reason); change that layer, or leave the classifier out if it is there"
    case .unrecognised(let path, let facts, let nearest):
      "\(path): no network of the catalog fits \(facts)"
        + (nearest.map { "; nearest is \($0)" } ?? "; save the whole model, or also give its architecture")
    case .unknownStateDictionary(let path, let facts, let network, let nearest):
      "\(path): no network of the catalog fits \(facts), as PyTorch names them"
        + (network.map { "; by its names it is \($0), which the catalog has not" } ?? "")
        + (nearest.map { "; nearest is \($0)" } ?? "")
        + "\nNetworks of torchvision are recognised by the names of its modules: save the state_dict() of the network itself, or list "
        + "the catalog's networks"
    case .mismatch(let path, let mismatch): "\(path): does not fit \(mismatch)"
    case .hasTop(let path, let entry, let layers, let ownGraph):
      "\(path): has \(entry) and, in addition, \(layers.count == 1 ? "the layer" : "the layers")"
        + " \(layers.joined(separator: ", "))"
        + (ownGraph.map { ", and the graph that it describes cannot be followed: \($0)\nConvert" }
          ?? "; weights alone do not say what those compute: give the architecture as well, or convert")
        + " it without \(layers.count == 1 ? "it" : "them")"
    case .hasModules(let path, let entry, let modules):
      "\(path): has \(entry) and, in addition, the module\(modules.count == 1 ? "" : "s") \(modules.joined(separator: ", ")); weights alone "
        + "do not say what those compute, and they are not the network's own classifier: convert it without \(modules.count == 1 ? "it" : "them")"
    case .anotherGraph(let path, let entry, let differences, let ownGraph):
      "\(path): has the weights of \(entry), but its own graph computes something else"
        + (ownGraph.map {
          ", and cannot be followed: \($0)\nSave the model without that, or its weights alone if they shall run as \(entry); differences:"
        } ?? "; make an entry from its architecture, and convert it as that entry; differences:")
        + differences.prefix(10).map { "\n  \($0)" }.joined()
        + (differences.count > 10 ? "\n  and \(differences.count - 10) more" : "")
    case .noFeatures(let path, let layer):
      "\(path): expected layers that learnt "
        + (layer.map { "up to \($0), where features shall end" } ?? "ahead of the classifier")
        + ", found none: what would be left is the image; "
        + (layer == nil
          ? "convert it with its classifier, or name the layer that gives features" : "name a later layer")
    case .unknownLayer(let path, let layer, let known):
      "\(path): expected the name of one of its layers, found '\(layer.printable)', which none has; it has "
        + "\(known.map(\.printable).joined(separator: ", ")) and others"
    case .labelsLeftOut(let path):
      "\(path): names of classes belong to a classifier, and a layer to end at or a top to leave out (layer, dropsTop) leave none; give "
        + "the names (labels) or one of those, not both"
    case .labels(let path, 0, let found):
      "\(path): expected no class names, because the network has no classifier, found \(found); leave them out"
    case .labels(let path, let expected, let found):
      "\(path): expected \(expected) class names, one for each output of the classifier, found \(found)"
    case .notProved(let path, let archive, let differences):
      "\(archive): not proved to be \(path), and not kept: \(differences.prefix(5).joined(separator: "; "))"
        + (differences.count > 5 ? "; and \(differences.count - 5) more" : "")
        + "; convert it again, and report it if that does not help"
    case .unknown(let what, let name, let known):
      "no \(what) called '\(name)'; known are \(known.joined(separator: ", "))"
    }
  }
}

/// The tensors of a file compared with those of an entry, in five lists.
public struct ConversionMismatch: Hashable, Sendable, CustomStringConvertible {
  /// The entry, and the weight set whose binding was tried.
  public var target: String
  /// Tensors that fit as they are.
  public var applied: [String] = []
  /// Tensors that fit after their axes are transposed.
  public var transformed: [String] = []
  /// Tensors of the entry that are missing in the file.
  public var missing: [String] = []
  /// Tensors of the file that are not in the entry.
  public var unused: [String] = []
  /// Tensors of the right name and the wrong shape: `name: expected (64,), found (32,)`.
  public var wrongShape: [String] = []

  /// Why the graph that the file itself describes is not followed; nil where it is, or there is none.
  public var ownGraph: String?

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
      + (ownGraph.map { "\nThe graph that the file describes cannot be followed: \($0)" } ?? "")
  }
}
