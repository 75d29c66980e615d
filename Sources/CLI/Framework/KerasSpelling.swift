/// What Keras calls some options that have other names here, for those who type what they know.
enum KerasSpelling {
  private static let options = [
    "batch-size": "batch", "lr": "learning-rate", "target-size": "size",
    "image-size": "size", "input-shape": "size", "pooling": "pool", "patience": "early-stopping",
    "restore-best-weights": "restore-best", "factor": "reduce-lr-factor", "cooldown": "reduce-lr-cooldown",
    "power": "decay-power", "cycle": "decay-cycle", "decay-steps": "decay-epochs",
    "end-learning-rate": "final-learning-rate", "alpha": "final-learning-rate",
    "class-weight": "class-weights",
    "shuffle": "no-shuffle", "model": "backbone", "save-best-only": "checkpoint-best",
    "log-dir": "tensorboard",
  ]

  /// The option that a name of Keras's stands for, with hyphens or underscores.
  static func option(for name: String) -> String? { options[name.replacing("_", with: "-").lowercased()] }
}
