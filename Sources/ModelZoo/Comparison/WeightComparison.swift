import Encoding
public import Tensors

/// Two files of weights held against each other, tensor by tensor, whatever their formats are.
///
/// ```swift
/// let found = try NetworkCatalog().compare("weights.h5", with: "backbone.zoo.safetensors")
/// for tensor in found.tensors where !tensor.isEqual { print(tensor.name, tensor.finding) }
/// ```
public struct WeightComparison: Sendable {
  /// One of the two files.
  public struct File: Hashable, Sendable {
    /// As it was named.
    public let path: String
    /// What it is, in words: `an archive`, `weights of Keras, HDF5`.
    public let kind: String
    /// The network of the catalog, or of the file's own graph, that its tensors belong to; nil for none.
    public let network: String?
    /// How many tensors it has.
    public let tensorCount: Int
    /// How many values those have.
    public let valueCount: Int
    /// What is to be known of where its weights were found, in sentences: of a checkpoint with averaged weights, which of both are
    /// its weights and which are left aside.
    public let notes: [String]
    /// The tensors that are none of its weights, and that a conversion leaves aside: `['model_ema']['conv.weight']` of PyTorch, a dataset
    /// that Keras's lists do not name. They are compared like all others, and are among ``tensorCount``.
    public let leftAside: [String]
    /// What is there besides and cannot be read. Nothing is known of it, so no file that has any is equal to another.
    public let unread: [String]
  }

  /// The first file.
  public let first: File
  /// The second file.
  public let second: File
  /// Every tensor of both: first those of the first file, in its order, then those that the second has alone.
  public let tensors: [TensorComparison]
  /// What differs besides weights between the networks: their graphs, the scaling of pixels, a head's classes. Empty also where one of
  /// the files does not say what it belongs to.
  public let facts: [FactDifference]
  /// What else is to be known, in sentences, and makes no difference: another version of Keras, another order of the same layers, a
  /// setting that training alone heeds, a graph that cannot be followed and was not compared. The first file is A in them, the second B.
  public let notes: [String]
  /// Both networks' features of the same pictures.
  public let features: FeatureComparison
  /// Up to where values count as equal.
  public let tolerance: Tolerance

  private var unread: [String] { first.unread + second.unread }

  /// Whether nothing differs: no tensor, no fact, and no features beyond rounding; and all was read.
  public var isEqual: Bool {
    facts.isEmpty && unread.isEmpty && tensors.allSatisfy(\.isEqual) && features.isEqual(within: tolerance)
  }

  /// The tensors that are not the same in both files.
  public var differingTensors: [TensorComparison] { tensors.filter { !$0.isEqual } }

  /// The result in a sentence: `equal: all 318 tensors, 23,587,712 values, ...`.
  public var summary: String { (isEqual ? "equal: " : "different: ") + parts.joined(separator: "; ") }

  private var parts: [String] {
    [tensorWords] + (facts.isEmpty ? [] : ["other \(facts.map(\.fact.rawValue).joined(separator: ", "))"])
      + [features.words, leftAsideWords, unreadWords].compactMap(\.self)
  }

  /// That weights were not all that was compared.
  private var leftAsideWords: String? {
    let count = max(first.leftAside.count, second.leftAside.count)
    return count == 0
      ? nil : "\(counted(count, "tensor")) beside the weights among them, which a conversion leaves aside"
  }

  private var unreadWords: String? {
    unread.isEmpty ? nil : "a part alone was compared, since there is what cannot be read"
  }

  private var tensorWords: String {
    let (all, differing) = (tensors.count, differingTensors)
    let values = tensors.reduce(0) { $0 + (($1.first ?? $1.second)?.shape.elementCount ?? 0) }
    guard !differing.isEmpty else {
      let close = tensors.count { $0.finding == .withinTolerance }
      let within = close == 0 ? "" : ", \(close.grouped) of them up to the tolerance"
      return
        "\(all == 1 ? "the one tensor has" : "all \(counted(all, "tensor")) have") the same values, \(values.grouped)\(within)"
    }
    let kinds = TensorComparison.Kind.allCases.compactMap { kind in
      let count = differing.count { $0.kind == kind }
      return count == 0 ? nil : "\(count.grouped) \(kind.rawValue)"
    }
    return "\(differing.count.grouped) of \(counted(all, "tensor")) differ (\(kinds.joined(separator: ", ")))"
  }
}

extension TensorComparison {
  /// What a tensor is counted as among those that differ.
  enum Kind: String, CaseIterable {
    case values = "with other values"
    case renamed = "renamed"
    case rearranged = "with values in another order"
    case type = "of another type"
    case shape = "of another shape"
    case first = "only in the first"
    case second = "only in the second"
  }

  var kind: Kind {
    switch finding {
    case .rearranged: .rearranged
    case .rounded, .otherType: .type
    case .otherShape: .shape
    case .onlyInFirst: .first
    case .onlyInSecond: .second
    case .different: .values
    case .equal, .withinTolerance: isRenamed ? .renamed : .values
    }
  }
}
