/// The loss that a model was compiled with, as Keras keeps it beside the architecture.
package struct CompiledLoss: Hashable, Sendable {
  /// Keras's name of the function: `mean_squared_error`.
  package let name: String

  /// The loss in a configuration: what `.keras` files have under `compile_config` beside the architecture, HDF5 files in the
  /// attribute `training_config`. Nil where there is none, or more than one.
  package init?(json: String?) {
    guard let json, let root = JSONValue(json: json), let loss = (root["compile_config"] ?? root)["loss"]
    else {
      return nil
    }
    let config = loss["config"]
    guard let name = loss.text ?? config?["name"]?.text ?? config?.text ?? loss["class_name"]?.text else {
      return nil
    }
    self.name = Self.shortNames[name] ?? name
  }

  /// Whether it is of numbers that are learnt for their own sake, of which none says how likely a class is.
  package var isOfRegression: Bool { Self.regressions.contains(name) }

  private static let shortNames = [
    "mse": "mean_squared_error", "MSE": "mean_squared_error", "MeanSquaredError": "mean_squared_error",
    "mae": "mean_absolute_error", "MAE": "mean_absolute_error", "MeanAbsoluteError": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error", "MAPE": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error", "MSLE": "mean_squared_logarithmic_error",
    "huber_loss": "huber", "Huber": "huber", "logcosh": "log_cosh", "LogCosh": "log_cosh",
  ]
  private static let regressions: Set = [
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error", "huber", "log_cosh", "poisson", "Poisson",
  ]
}
