import Files
import Foundation
import ModelZoo
import TensorArchive
import TestSupport
import Testing
import Training

/// Callbacks that write files.
@Suite struct LoggingCallbackTests {
  private struct Expected: Decodable {
    var tables: [String]
  }

  private static let numbers = [0.6412, 1e-05, 1.0, 0.0001, 12345.678, Double.nan, 1e-4, 0.1 + 0.2]

  private static func logs(_ epoch: Int, validated: Bool = true) -> Logs {
    let measured = [("loss", numbers[2 * epoch]), ("accuracy", numbers[2 * epoch + 1])]
    return Logs(measured + (validated ? [("val_loss", 0.5), ("val_accuracy", 0.25 * Double(epoch))] : []))
  }

  private static func plan(from first: Int = 0) -> TrainingPlan {
    TrainingPlan(epochs: 4, firstEpoch: first, stepsPerEpoch: 1, samples: 1, validationSamples: 1)
  }

  private static func run(
    _ callback: some TrainingCallback, from first: Int = 0, _ epochs: [(number: Int, Logs)]
  ) throws {
    var trainer = try Trainer(head: Head("dense(2, softmax)"), inputShape: [4], seed: 3)
    try callback.trainingBegan(plan(from: first), &trainer)
    for epoch in epochs { try callback.epochEnded(epoch.number, epoch.1, &trainer) }
    try callback.trainingEnded(&trainer)
  }

  @Test func writesKerasTables() throws {
    let file = URL(fileURLWithPath: Repository.fixture("callbacks/expected.json"))
    let tables = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file)).tables
    try withTemporaryFolder { folder in
      let paths = (0..<3).map { folder.appending(path: "\($0).csv").path }
      try Self.run(CSVLogger(paths[0]), (0..<4).map { ($0, Self.logs($0)) })
      try Self.run(CSVLogger(paths[1]), (0..<4).map { ($0, Self.logs($0, validated: false)) })
      try Self.run(CSVLogger(paths[2]), (0..<2).map { ($0, Self.logs($0)) })
      try Self.run(CSVLogger(paths[2], appends: true), (0..<2).map { ($0, Self.logs($0 + 2)) })
      for (path, table) in zip(paths, tables) {
        #expect(try String(contentsOfFile: path, encoding: .utf8) == table)
      }
    }
  }

  @Test func aTableStartsAnewUnlessAskedOtherwise() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "log.csv").path
      for _ in 0..<2 { try Self.run(CSVLogger(path), [(0, Self.logs(0))]) }
      #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n").count == 2)
    }
  }

  /// Epoch 2 was finished after the checkpoint and is trained once more.
  @Test func aTableGoesOnWhereTrainingDoes() throws {
    try withTemporaryFolder { folder in
      let (whole, parts) = (
        folder.appending(path: "whole.csv").path, folder.appending(path: "parts.csv").path
      )
      try Self.run(CSVLogger(whole), (0..<4).map { ($0, Self.logs($0)) })
      try Self.run(CSVLogger(parts), (0..<3).map { ($0, Self.logs($0)) })
      try Self.run(CSVLogger(parts), from: 2, (2..<4).map { ($0, Self.logs($0)) })
      #expect(
        try String(contentsOfFile: parts, encoding: .utf8) == String(contentsOfFile: whole, encoding: .utf8))
    }
  }

  @Test func refusesAPlaceThatCannotBeWritten() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.self) { try Self.run(CSVLogger(folder.path), []) }
      try AtomicFile.write("", to: folder.appending(path: "file").path)
      #expect(throws: FileError.self) {
        try Self.run(TensorBoard(folder.appending(path: "file").path), [])
      }
    }
  }

  /// The payloads of the only event file in a folder, whose frames must fit.
  private static func events(_ folder: URL) throws -> [String] {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.count == 1)
    let name = try #require(files.first)
    #expect(name.hasPrefix("events.out.tfevents.1700000000.zoo."))
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
    var events: [String] = []
    var position = 0
    while position < bytes.count {
      let length = bytes[position..<position + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      let payload = bytes[position + 12..<position + 12 + length]
      events.append(String(decoding: payload.map { $0 < 0x20 || $0 > 0x7E ? 0x20 : $0 }, as: UTF8.self))
      position += length + 16
    }
    #expect(position == bytes.count)
    return events
  }

  @Test func writesTheRunsOfKeras() throws {
    let image = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("tensorboard/image0.png")))
    try withTemporaryFolder { folder in
      let board = TensorBoard(folder.path, histogramFrequency: 2) { 1_700_000_000 }
      try Self.run(board, (0..<2).map { ($0, Self.logs($0)) })
      try board.add(images: [[UInt8](image)], tag: "mistakes", step: 1)
      let train = try Self.events(folder.appending(path: "train"))
      let tags = [
        "brain.Event:2", "epoch_loss", "epoch_accuracy", "epoch_learning_rate", "dense/kernel/histogram",
        "dense/bias/histogram", "epoch_loss", "epoch_accuracy", "epoch_learning_rate",
      ]
      #expect(train.count == tags.count)
      for (event, tag) in zip(train, tags) { #expect(event.contains(tag), "\(event)") }
      let validation = try Self.events(folder.appending(path: "validation"))
      let others = ["brain", "epoch_loss", "epoch_accuracy", "epoch_loss", "epoch_accuracy", "mistakes"]
      #expect(validation.count == others.count)
      for (event, tag) in zip(validation, others) { #expect(event.contains(tag), "\(event)") }
      #expect(
        throws: ModelZooError.notAPNG(place: "mistakes", index: 1)
      ) { try board.add(images: [[UInt8](image), [1]], tag: "mistakes", step: 1) }
    }
  }
}
