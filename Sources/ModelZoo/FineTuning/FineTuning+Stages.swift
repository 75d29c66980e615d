import Training

/// The head alone learns at first: what becomes of a training that does not come to the backbone's turn.
extension FineTuning {
  /// Whether layers of the backbone learnt in the epochs up to the one that the model is of.
  func learns(in history: History) -> Bool { history.modelEpochs > headEpochs }

  /// That they did not, though they were to; `history` is of a training that has ended.
  func warning(of history: History) -> String {
    let turn = "epoch \(headEpochs + 1), with which the layers of the backbone begin to learn"
    let end =
      history.restoredEpoch == nil
      ? "training ended after epoch \(history.modelEpochs), before \(turn)"
      : "the restored epoch \(history.modelEpochs) is before \(turn)"
    return
      "\(end): none of them was trained, only the head; have the head learn alone for fewer epochs, or let what stops "
      + "training, or chooses the epoch, look at later epochs only"
  }
}

extension History {
  /// The number of epochs behind the parameters of the model.
  var modelEpochs: Int { restoredEpoch.map { $0 + 1 } ?? epochs.count }
}
