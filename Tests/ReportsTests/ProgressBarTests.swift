import Reports
import Testing

@Suite struct ProgressBarTests {
  static let images = ProgressBar(total: 808, unit: "image")

  /// The parts up to the time are what Keras 2's `Progbar` prints for the same numbers.
  @Test(arguments: [
    (0, 0.0, "  0/808 [..............................]"),
    (1, 0.5, "  1/808 [..............................] - ETA: 6:43 - 2.0 images/s"),
    (27, 0.5, " 27/808 [>.............................] - ETA: 14s - 54.0 images/s"),
    (120, 2.0, "120/808 [===>..........................] - ETA: 11s - 60.0 images/s"),
    (404, 4.0, "404/808 [==============>...............] - ETA: 4s - 101 images/s"),
    (807, 10.0, "807/808 [============================>.] - ETA: 0s - 80.7 images/s"),
    (808, 12.12, "808/808 [==============================] - 12s 15ms/image - 66.7 images/s"),
    (1, 36.0, "  1/808 [..............................] - ETA: 8:04:12 - 0.0 images/s"),
  ])
  func drawsAsKeras(done: Int, seconds: Double, expected: String) {
    #expect(Self.images.line(done: done, seconds: seconds) == expected)
  }

  @Test func endsWithDetails() {
    let bar = ProgressBar(total: 26, unit: "step", width: 10)
    let line = bar.line(done: 26, seconds: 52, details: ["loss: 0.1250", "accuracy: 0.9500"])
    #expect(line == "26/26 [==========] - 52s 2s/step - 0.5 steps/s - loss: 0.1250 - accuracy: 0.9500")
  }

  @Test(arguments: [(2.0, "2s 2us/image"), (0.0, "0s 0s/image"), (2e7, "20000000s 20s/image")])
  func paceHasThreeUnits(seconds: Double, expected: String) {
    let line = ProgressBar(total: 1_000_000, unit: "image").line(done: 1_000_000, seconds: seconds)
    #expect(line.contains("] - \(expected)"))
  }

  @Test func unknownTotalsHaveNoBar() {
    let bar = ProgressBar(total: nil, unit: "image")
    #expect(bar.line(done: 0, seconds: 1) == "0/Unknown")
    #expect(bar.line(done: 120, seconds: 60) == "120/Unknown - 2.0 images/s")
    #expect(bar.plainLine(done: 1200, seconds: 60) == "1,200 images - 20.0 images/s")
  }

  @Test func bytesHaveUnits() {
    let bar = ProgressBar(total: 94_350_848, unit: "byte", width: 10)
    #expect(bar.line(done: 47_185_920, seconds: 2) == "45.00 MB/89.98 MB [====>.....] - ETA: 1s - 22.50 MB/s")
    #expect(bar.line(done: 94_350_848, seconds: 4) == "89.98 MB/89.98 MB [==========] - 4s - 22.49 MB/s")
    #expect(bar.plainLine(done: 47_185_920, seconds: 2) == "45.00 MB of 89.98 MB - ETA: 1s - 22.50 MB/s")
    let endless = ProgressBar(total: nil, unit: "byte")
    #expect(endless.line(done: 2048, seconds: 1) == "2.00 KB/Unknown - 2.00 KB/s")
    #expect(endless.plainLine(done: 2048, seconds: 1) == "2.00 KB - 2.00 KB/s")
  }

  @Test func nothingToDoIsDone() {
    #expect(
      ProgressBar(total: 0, unit: "image", width: 4).line(done: 0, seconds: 0) == "0/0 [====] - 0s 0s/image")
  }

  @Test func neverLeavesItsBrackets() {
    let bar = ProgressBar(total: 3, unit: "image", width: 3)
    #expect(bar.line(done: 5, seconds: 0) == "5/3 [===]")
    #expect(bar.line(done: -5, seconds: 0) == "-5/3 [...]")
  }

  @Test func linesForALog() {
    #expect(Self.images.plainLine(done: 120, seconds: 2) == "120 of 808 images - ETA: 11s - 60.0 images/s")
    #expect(Self.images.plainLine(done: 808, seconds: 75) == "808 of 808 images - 1:15 - 10.8 images/s")
  }

  @Test(arguments: [
    (0.0, "0s"), (59.9, "59s"), (60, "60s"), (61, "1:01"), (3600, "60:00"), (3601, "1:00:01"), (-3, "0s"),
    (.infinity, "277777:46:40"),
  ])
  func durationsAreKeras(seconds: Double, expected: String) { #expect(duration(seconds) == expected) }
}
