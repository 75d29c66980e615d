/// The loss that a model was compiled with, as Keras keeps it beside the architecture.
package struct CompiledLoss: Hashable, Sendable {
  /// Keras's name of the function: `mean_squared_error`.
  package let name: String

  /// The loss in a configuration: what `.keras` files have under `compile_config` beside the architecture, HDF5 files in the
  /// attribute `training_config`. Nil where there is none, or more than one.
  package init?(json: String?) {
    guard let json, let root = JSONValue(json: json), let loss = (root["compile_config"] ?? root)["loss"],
      let name = Self.name(loss)
    else { return nil }
    self.name = Self.otherNames[name] ?? name
  }

  /// What a function, an object, or a list or a table of one of them is called; an object by its class, whatever it was named.
  private static func name(_ loss: JSONValue) -> String? {
    if let name = loss.text { return name }
    if let losses = loss.list { return losses.count == 1 ? name(losses[0]) : nil }
    guard let type = loss["class_name"]?.text else {
      guard let members = loss.members, members.count == 1 else { return nil }
      return members.values.first.flatMap(name)
    }
    if type == "function" { return loss["config"]?.text }
    guard type == "LossFunctionWrapper" else { return type }
    return loss["config"]?["fn"].flatMap(name) ?? loss["config"]?["name"]?.text
  }

  /// Whether every number is scored by itself, as how likely something is.
  package var isBinary: Bool { word.contains("binary") && isOfClasses }

  /// Whether what it judges are scores of classes.
  package var isOfClasses: Bool { Self.classifications.contains { word.contains($0) } }

  /// Whether it compares images by what the model gives for them: an embedding, of which no number is a class's.
  package var isOfEmbeddings: Bool { Self.metrics.contains { word.contains($0) } }

  /// The name as functions and classes have it in common.
  private var word: String { name.lowercased().filter { $0 != "_" } }

  /// Whether it is of numbers that are learnt for their own sake, of which none says how likely a class is.
  package var isOfRegression: Bool { Self.regressions.contains(name) }

  private static let classifications = [
    "crossentropy", "focal", "hinge", "kldivergence", "kullback", "dice", "tversky",
  ]
  /// Keras's own `Circle`, and those of TensorFlow's add-ons, of TensorFlow Similarity and of the papers.
  private static let metrics = [
    "triplet", "contrastive", "npair", "lifted", "multisimilarity", "proxyanchor", "proxynca", "ntxent",
    "circle", "supcon", "arcface", "cosface", "sphereface",
  ]
  private static let otherNames = [
    "mse": "mean_squared_error", "MSE": "mean_squared_error", "MeanSquaredError": "mean_squared_error",
    "mae": "mean_absolute_error", "MAE": "mean_absolute_error", "MeanAbsoluteError": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error", "MAPE": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error", "MSLE": "mean_squared_logarithmic_error",
    "huber_loss": "huber", "Huber": "huber", "logcosh": "log_cosh", "LogCosh": "log_cosh",
    "Poisson": "poisson",
    "MeanAbsolutePercentageError": "mean_absolute_percentage_error", "CosineSimilarity": "cosine_similarity",
    "MeanSquaredLogarithmicError": "mean_squared_logarithmic_error",
    "cosine_proximity": "cosine_similarity", "kld": "kl_divergence", "KLD": "kl_divergence",
    "bce": "binary_crossentropy", "BCE": "binary_crossentropy", "BinaryCrossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
  ]
  private static let regressions: Set = [
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error", "huber", "log_cosh", "poisson", "cosine_similarity",
  ]
}
