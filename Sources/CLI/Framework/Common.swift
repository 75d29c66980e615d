import ModelZoo

/// Options that several verbs share; a verb lists those it wants.
package enum Common {
  /// Machine output on standard output; errors become JSON too.
  package static let json = Flag("json", help: "print JSON instead of text")

  /// More entries than the built-in ones.
  package static let zoo = Option.list(
    "zoo", value: "DIR", .text, help: "add the catalog entries in DIR; may be repeated")

  /// How many threads to use; the result does not depend on it.
  package static let threads = Option.optional(
    "threads", value: "N", .integer(in: 1...1024), help: "use N threads (default: one per core)")

  /// How images are brought to size.
  static let interpolation = Option.optional(
    "interpolation", value: "KIND", .choice(of: Interpolation.self),
    help:
      "how images are resized, as in Pillow, or with tf- in TensorFlow (default: what the archive says, else nearest, as in Keras's flow_from_directory)"
  )

  /// Without Winograd's and Strassen's algorithms.
  package static let exact = Flag(
    "exact", help: "do not use the Winograd and Strassen algorithms: slower, with less rounding error")

  /// What everything random comes from.
  package static let seed = Option(
    "seed", value: "N", .integer(in: 0...Int.max), default: 0, help: "seed of everything that is random")

  /// The metrics that are computed in addition to the loss.
  static let metrics = Option.optional(
    "metrics", value: "NAMES", .text,
    help:
      "metrics to compute, such as accuracy,precision,recall,f1_score,auc, the last four as scikit-learn's means over the classes (default: accuracy)"
  )

  /// The name of an entry for examples, the one with the longest history: the catalog names networks, code does not.
  package static var exampleEntry: String { (try? NetworkCatalog().mostDescribedNetwork) ?? "ENTRY" }

  /// For verbs that print tables.
  static let wide = Flag("wide", help: "do not cut the cells of tables to the width of the terminal")

  /// Understood by every verb.
  static let quiet = Flag("quiet", short: "q", help: "print only results, warnings and errors")

  /// Understood by every verb.
  static let help = Flag("help", short: "h", help: "show this help")

  /// Understood by every verb; worth a word where there are more options than `--help` explains.
  static let helpAll = Flag("help-all", help: "explain every option")
  static let folds = Option(
    "folds", value: "K", .integer(in: 2...1000), default: 5, help: "number of folds of the cross-validation")
  static let strength = Option.optional(
    "strength", value: "C", .strength,
    help: "inverse regularisation strength of the head, scikit-learn's C (default: auto, by cross-validation)"
  )
}
