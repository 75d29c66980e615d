import Foundation
import TestSupport
import Testing

/// One line of `Fixtures/parity/cases.json`: a network, an input, and where the features Keras computes are.
struct ParityCase: Decodable, Sendable, CustomTestStringConvertible {
  var entry: String
  var variant: String?
  var height: Int
  var width: Int
  var output: String?
  var pooling: String
  var batch: Int
  var step: Int
  /// What every gamma of a batch normalisation is multiplied with.
  var gain: Float
  var file: String
  /// `[N] + features`.
  var shape: [Int]

  var testDescription: String { file }

  private struct File: Decodable {
    var cases: [ParityCase]
  }

  static func all() throws -> [ParityCase] {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("parity/cases.json")))
    return try JSONDecoder().decode(File.self, from: data).cases
  }

  /// Every `step`-th of Keras's features.
  func expected() throws -> [Float] {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("parity/\(file)")))
    return stride(from: 0, to: data.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[start + $1]) << (8 * UInt32($1)) })
    }
  }
}
