import Testing
import Training

@Suite struct EarlyStoppingTests {
  struct Story: Sendable {
    var monitor = "val_loss"
    var patience = 0
    var minimumChange = 0.0
    var values: [Double]
    var stopped: Int?
    var best: Int?
  }

  @Test(arguments: [
    Story(values: [3, 2, 1], stopped: nil, best: 2), Story(values: [3, 2, 2, 1], stopped: 2, best: 1),
    Story(patience: 1, values: [3, 2, 2, 1], stopped: 2, best: 1),
    Story(patience: 2, values: [3, 4, 2, 5, 6, 1], stopped: 4, best: 2),
    Story(patience: 2, minimumChange: 0.5, values: [3, 2.75, 2.5, 1], stopped: 2, best: 0),
    Story(patience: 2, minimumChange: -0.5, values: [3, 2.75, 2.25, 1], stopped: nil, best: 3),
    Story(monitor: "val_accuracy", patience: 1, values: [0.5, 0.75, 0.5], stopped: 2, best: 1),
  ])
  func stopsWhereKerasStops(_ story: Story) throws {
    let callback = try EarlyStopping(
      monitor: story.monitor, patience: story.patience, minimumChange: story.minimumChange)
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    for (epoch, value) in story.values.enumerated() where !trainer.stopsTraining {
      callback.epochEnded(epoch, Logs([(story.monitor, value)]), &trainer)
    }
    #expect(callback.stoppedEpoch == story.stopped)
    #expect(callback.bestEpoch == story.best)
    #expect(trainer.stopsTraining == (story.stopped != nil))
  }

  /// Labels that contradict those trained on: validation gets worse with every epoch.
  @Test(arguments: [false, true])
  func bringsTheBestHeadBackWhenAsked(_ restoresBest: Bool) throws {
    let (features, labels) = SyntheticFeatures.separable(samples: 60, width: 4, classes: 2, seed: 3)
    let contrary = Samples(features, .classes(labels.map { 1 - $0 }))
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    let stopping = try EarlyStopping(patience: 3, restoresBest: restoresBest)
    let history = try trainer.fit(
      features, .classes(labels), validation: contrary, epochs: 20, callbacks: [stopping])
    #expect(history.epochs.count == 4)
    #expect(stopping.bestEpoch == 0)
    #expect(stopping.stoppedEpoch == 3)
    let loss = try trainer.evaluate(contrary.features, contrary.labels)["loss"]
    #expect(loss == history["val_loss"][restoresBest ? 0 : 3])
    #expect(history.restoredEpoch == (restoresBest ? 0 : nil))
    #expect(history.final?["val_loss"] == loss)
  }
}
