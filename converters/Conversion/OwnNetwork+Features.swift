import Catalog
import Encoding
import Tensors

extension OwnNetwork {
  /// What is to be known of where its features end, where its layers do not tell.
  func featureNotes(_ options: ConversionOptions) -> [String] {
    switch parts.end {
    case .told: []
    case .guessed(let convolution):
      [
        "\(convolution): a convolution without an activation, behind which is nothing but pooling: what it gives is taken for "
          + "scores of classes, and features are \(end)\(leftOut)"
      ]
    case .unknown:
      [
        "nothing was learnt ahead of what gives the scores: features are \(end)\(leftOut)"
      ]
    }
  }

  /// The layer whose output the features are, and its shape.
  private var end: String {
    let layer = parts.features.layers.last?.name ?? ""
    let shapes = try? parts.features.activationShapes(height: size.height, width: size.width)
    return "those of \(layer)" + (shapes?.last.map { ", \($0)" } ?? "")
  }

  private var leftOut: String {
    let kept = Set(parts.features.layers.map(\.name))
    let names = network.graph.layers.map(\.name).filter { !kept.contains($0) }
    let shown = names.prefix(names.count > 6 ? 5 : 6).joined(separator: ", ")
    return "; without \(shown)" + (names.count > 6 ? " and \(names.count - 5) more" : "")
  }

  /// That layers have other names than in the file; nil where none has.
  var renamingNote: String? {
    let renamed = network.renamed
    guard !renamed.isEmpty else { return nil }
    let shown = renamed.prefix(4).map { "'\($0.own.inFewWords)' is \($0.name.inFewWords)" }.joined(
      separator: ", ")
    let rest = renamed.count > 4 ? " and \(renamed.count - 4) more" : ""
    return "names of layers have no blanks here, and at most 256 bytes: \(shown)\(rest)"
  }
}

extension String {
  /// The name as a sentence shows it: its beginning and its end, where it is long.
  fileprivate var inFewWords: String { count > 60 ? "\(prefix(30))…\(suffix(20))".printable : printable }
}
