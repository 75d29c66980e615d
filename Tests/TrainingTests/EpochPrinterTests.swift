import Foundation
import TestSupport
import Testing
import Training

/// What is printed while a head trains, byte for byte what Keras printed when it was told the same at the same time.
@Suite struct EpochPrinterTests {
  private struct Expected: Decodable {
    var keras: String
    var cases: [Story]
  }

  struct Story: Decodable, CustomTestStringConvertible {
    var name: String
    var epochs: Int
    var steps: Int
    var events: [Event]
    /// Of `verbose` 0, 1 and 2, cut at every carriage return.
    var texts: [[String]]

    var testDescription: String { name }
  }

  struct Event: Decodable {
    var now: Double
    var epochBegan: Int?
    var batchEnded: Int?
    var epochEnded: Int?
    var logs: Logs

    enum CodingKeys: CodingKey { case now, epochBegan, batchEnded, epochEnded, logs }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      now = try values.decode(Double.self, forKey: .now)
      epochBegan = try values.decodeIfPresent(Int.self, forKey: .epochBegan)
      batchEnded = try values.decodeIfPresent(Int.self, forKey: .batchEnded)
      epochEnded = try values.decodeIfPresent(Int.self, forKey: .epochEnded)
      let pairs = try values.decodeIfPresent([Pair].self, forKey: .logs) ?? []
      logs = Logs(pairs.map { ($0.name, $0.value) })
    }
  }

  struct Pair: Decodable {
    var name: String
    var value: Double

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      name = try values.decode(String.self)
      value = try values.decode(Double.self)
    }
  }

  private static func stories() throws -> [Story] {
    let file = URL(fileURLWithPath: Repository.fixture("progress-lines/expected.json"))
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(Expected.self, from: Data(contentsOf: file)).cases
  }

  private struct Text {
    var written = ""
    var now = 0.0
  }

  private func printed(
    _ story: Story, _ verbosity: EpochPrinter.Verbosity, on surface: EpochPrinter.Surface = .keras
  ) throws -> String {
    let text = Locked(Text())
    let printer = EpochPrinter(
      verbosity, on: surface, clock: { text.value.now }, writing: { text.value.written += $0 })
    var trainer = try Trainer(head: Head("dense(2, softmax)"), inputShape: [3])
    let plan = TrainingPlan(
      epochs: story.epochs, stepsPerEpoch: story.steps, samples: 1, validationSamples: 1)
    printer.trainingBegan(plan, &trainer)
    for event in story.events {
      text.value.now = event.now
      if let epoch = event.epochBegan { printer.epochBegan(epoch, &trainer) }
      if let batch = event.batchEnded { printer.batchEnded(batch, event.logs, &trainer) }
      if let epoch = event.epochEnded { printer.epochEnded(epoch, event.logs, &trainer) }
    }
    return text.value.written
  }

  @Test func everyByteIsKerass() throws {
    let stories = try Self.stories()
    #expect(stories.count == 14)
    for story in stories {
      let texts = story.texts.map { $0.joined(separator: "\r") }
      try #require(texts.count == 3 && texts[0].isEmpty && !texts[1].isEmpty && !texts[2].isEmpty)
      #expect(try printed(story, .bar) == texts[1], "\(story.name)")
      #expect(try printed(story, .lines) == texts[2], "\(story.name)")
    }
  }

  /// Where colours, or drawing over, are not wanted, the words are the same.
  @Test func otherSurfacesHaveFewerControls() throws {
    for story in try Self.stories() {
      let keras = try printed(story, .bar)
      let plain = try printed(story, .bar, on: .plain)
      let colours = /\u{1B}\[\d+m/
      #expect(!plain.contains("\u{1B}"))
      #expect(plain.replacing("╌", with: "━") == keras.replacing(colours, with: ""), "\(story.name)")
      let log = try printed(story, .bar, on: .log)
      #expect(!log.unicodeScalars.contains { ["\u{8}", "\r", "\u{1B}"].contains($0) })
      // Of every epoch its last bar, as it stood on the terminal in the end.
      let lasts = plain.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        String(line.split(separator: "\r", omittingEmptySubsequences: false).last ?? "")
      }
      let words = { (text: String) in text.split(separator: " ").joined(separator: " ") }
      #expect(
        log.split(separator: "\n", omittingEmptySubsequences: false).map { words(String($0)) }
          == lasts.map(words))
    }
  }

  /// Rates are multiplied in single precision, where a thousandth may be a little less.
  @Test func learningRatesAreKerass() throws {
    let story = try #require(try Self.stories().first { $0.name == "learning rates" })
    let wanted = story.events.compactMap { $0.epochEnded == nil ? nil : $0.logs["learning_rate"] }
    var trainer = try Trainer(
      head: try Head("dense(2, softmax)"), inputShape: [4], optimizer: .sgd(learningRate: 0.01))
    let history = try trainer.fit(
      SyntheticFeatures.uniform([4, 4], seed: 1), .classes([0, 1, 0, 1]), epochs: wanted.count,
      callbacks: [LearningRateScheduler { _, rate in rate * 0.1 }])
    #expect(wanted.count == 3 && history["learning_rate"] == wanted)
    #expect(history["learning_rate"].map(EpochPrinter.format) == ["1.0000e-03", "1.0000e-04", "1.0000e-05"])
  }

  @Test func linesAreHandedOverWithoutTheirEnds() throws {
    let (printed, written) = (Locked([String]()), Locked(""))
    let features = SyntheticFeatures.uniform([10, 4], seed: 1)
    let labels = Labels.classes([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    try trainer.fit(
      features, labels, validation: Samples(features, labels), epochs: 2, batchSize: 4,
      callbacks: [EpochPrinter { printed.value.append($0) }, EpochPrinter(.lines) { written.value += $0 }])
    let (lines, text) = (printed.value, written.value)
    #expect(lines.count == 4)
    #expect(lines[0] == "Epoch 1/2" && lines[2] == "Epoch 2/2")
    let line =
      #/3/3 - 0s - \d+.?s/step - accuracy: [^ ]+ - loss: [^ ]+ - val_accuracy: [^ ]+ - val_loss: [^ ]+/#
    #expect(lines[1].wholeMatch(of: line) != nil, "\(lines[1])")
    #expect(text.hasPrefix("Epoch 1/2\n3/3 - 0s - ") && text.hasSuffix("\n"))
  }

  @Test func theBarGoesThroughATraining() throws {
    let written = Locked("")
    var trainer = try Trainer(head: try Head("dense(2, softmax)"), inputShape: [4])
    try trainer.fit(
      SyntheticFeatures.uniform([10, 4], seed: 1), .classes([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]), batchSize: 4,
      callbacks: [EpochPrinter(.bar) { written.value += $0 }])
    let text = written.value
    #expect(
      text.hasPrefix("\r\u{1B}[1m1/3\u{1B}[0m \u{1B}[32m━━━━━━\u{1B}[0m\u{1B}[37m━━━━━━━━━━━━━━\u{1B}[0m "))
    #expect(text.contains("\u{8}\r\u{1B}[1m3/3\u{1B}[0m ") && text.hasSuffix("\n"))
  }

  @Test(arguments: [
    (0.125, "0.1250"), (1, "1.0000"), (0.95678, "0.9568"), (0.00101, "0.0010"), (0.00099, "9.9000e-04"),
    (1e-3, "0.0010"), (4.1e-5, "4.1000e-05"), (0, "0.0000e+00"), (.nan, "nan"), (-.nan, "nan"),
    (.infinity, "inf"),
  ])
  func formatsLikeKeras(_ value: Double, _ text: String) { #expect(EpochPrinter.format(value) == text) }
}
