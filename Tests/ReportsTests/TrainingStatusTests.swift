import Reports
import Testing

@Suite struct TrainingStatusTests {
  private static let rows: [([Double], Int, String)] = [
    ([], 8, ""), ([1], 8, "▁"), ([1, 1, 1], 8, "▁▁▁"), ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"),
    ([7, 0], 8, "█▁"), ([8, 8, 4, 4, 0, 0], 3, "█▅▁"), ([0, 1, 2, 3, 4], 2, "▁█"), ([.nan, 1, 0], 8, " █▁"),
    ([.infinity], 8, " "), ([1, 2], 0, ""), ([-1, 1, -3], 8, "▅█▁"),
  ]

  @Test(arguments: rows)
  func drawsLittleBars(_ values: [Double], _ width: Int, _ line: String) {
    #expect(sparkline(values, width: width) == line)
  }

  private var status: TrainingStatus {
    var status = TrainingStatus(epochs: 40, stepsPerEpoch: 21)
    status.epoch = 13
    status.step = 4
    status.stepsDone = 256
    status.losses = [3, 2, 1, 0.089]
    status.validationLosses = [2, 1.5, 1.7]
    return status
  }

  @Test func showsHowATrainingStands() {
    #expect(
      status.line(seconds: 0.5, columns: 200)
        == "Epoch 13/40 [=====>..............]  4/21 - 512 steps/s - ETA: 1s - loss: 0.0890 █▆▃▁ val_loss: 1.7000 █▁▄"
    )
  }

  @Test func leavesOutWhatMattersLeast() {
    let lines = [100, 90, 70, 48, 42, 30, 16].map { status.line(seconds: 0.5, columns: $0) }
    #expect(
      lines == [
        "Epoch 13/40  4/21 - 512 steps/s - ETA: 1s - loss: 0.0890 █▆▃▁ val_loss: 1.7000 █▁▄",
        "Epoch 13/40  4/21 - 512 steps/s - ETA: 1s - loss: 0.0890 █▆▃▁ val_loss: 1.7000 █▁▄",
        "Epoch 13/40  4/21 - ETA: 1s - loss: 0.0890 █▆▃▁ val_loss: 1.7000 █▁▄",
        "Epoch 13/40  4/21 - ETA: 1s - loss: 0.0890 █▆▃▁", "Epoch 13/40  4/21 - ETA: 1s - loss: 0.0890",
        "Epoch 13/40  4/21", "Epoch 13/40  4/2",
      ])
  }

  @Test func aBeginningHasNeitherRateNorEnd() {
    let status = TrainingStatus(epochs: 2, stepsPerEpoch: 3)
    #expect(status.line(seconds: 0, columns: 100) == "Epoch 1/2 [....................] 0/3")
    var last = status
    (last.epoch, last.step, last.stepsDone) = (2, 3, 6)
    #expect(last.line(seconds: 3, columns: 100) == "Epoch 2/2 [====================] 3/3 - 2.0 steps/s")
  }
}
