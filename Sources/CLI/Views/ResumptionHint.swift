import ModelZoo

/// The options that say what a resumed training has otherwise than its checkpoint.
enum ResumptionHint {
  static func options(_ differences: [SettingDifference]) -> [String] {
    let found = differences.compactMap { options[$0.name] }
    let unique = found.indices.filter { !found[..<$0].contains(found[$0]) }.map { found[$0] }
    return unique.isEmpty ? [] : [unique.joined(separator: ", ")]
  }

  static func options(place: String) -> [String] { options[place].map { [$0] } ?? [] }

  private static let options = [
    "head": "--head", "start": "--backbone or --from", "features": "--size, --layer, --pool",
    "loss": "--loss",
    "metrics": "--metrics", "optimizer": "--optimizer", "learning rate": "--learning-rate, --schedule",
    "weight decay": "--weight-decay", "gradient clipping": "--clipnorm, --clipvalue, --global-clipnorm",
    "seed": "--seed", "batch size": "--batch", "steps per epoch": "--steps-per-epoch",
    "shuffling": "--no-shuffle", "validation steps": "--validation-steps",
    "validation batch size": "--validation-batch", "training samples": "--data", "training data": "--data",
    "validation samples": "--validation-split, --validation-data",
    "validation data": "--validation-split, --validation-data",
    "trained layers": "--unfreeze, --unfreeze-blocks, --freeze-batch-norm",
    "layers among and behind them": "--unfreeze, --unfreeze-blocks, --freeze-batch-norm",
    "momentum of averages": "--batch-norm-momentum", "epochs of the head alone": "--head-epochs",
    "learning rate of the backbone": "--backbone-learning-rate", "epochs": "--epochs",
    "EarlyStopping":
      "--early-stopping, --restore-best, --baseline, --start-from-epoch, --min-delta, --monitor",
    "ReduceLROnPlateau":
      "--reduce-lr-on-plateau, --reduce-lr-factor, --reduce-lr-cooldown, --min-delta, --min-lr, --monitor",
    "StopAtAccuracy": "--stop-at-accuracy, --monitor",
    "ModelCheckpoint": "--checkpoint, --checkpoint-best, --checkpoint-every",
    "callbacks": "--early-stopping, --reduce-lr-on-plateau, --stop-at-accuracy, --checkpoint-best",
  ]
}
