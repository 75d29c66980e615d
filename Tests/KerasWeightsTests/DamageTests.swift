import Errors
import Foundation
import KerasWeights
import TestSupport
import Tensors
import Testing
import WeightConversion

/// Damaged weight files end in an error of ours, or in a conversion; never in a crash, a hang, or another
/// error. What libhdf5 makes of every possible damage is not ours to promise: these are the bytes we tried.
@Suite(.serialized) struct DamageTests {
  @Test(arguments: ["keras1", "tf_keras2"]) func survivesFlippedBytes(fixture: String) throws {
    let whole = try Data(
      contentsOf: URL(fileURLWithPath: Repository.fixture("keras-eras/\(fixture).h5")))
    let targets: ConversionTargets = [try TinyEntry.target()]
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "flipped.h5").path
      for offset in whole.indices where whole[offset] != 0 && offset % 5 == 0 {
        var damaged = whole
        damaged[offset] ^= offset % 2 == 0 ? 0xFF : 0x01
        try damaged.write(to: URL(fileURLWithPath: file))
        convert(file, targets, into: folder, "byte \(offset)")
      }
    }
  }

  @Test func survivesEveryTruncation() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("keras-eras/keras1.h5")))
    let targets: ConversionTargets = [try TinyEntry.target()]
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "cut.h5").path
      for length in stride(from: 0, to: whole.count, by: 97) {
        try whole.prefix(length).write(to: URL(fileURLWithPath: file))
        #expect(throws: KerasWeightsError.self, "cut at \(length)") {
          try Conversion(path: file, targets: targets)
        }
      }
    }
  }

  /// No network computes with them, however well their names and shapes fit.
  @Test func refusesKernelsOfWholeNumbers() {
    #expect {
      try TinyEntry.conversion("whole_numbers")
    } throws: { error in
      "\(error)".contains("/stem/stem/kernel:0: expected numbers with fractions, found whole ones (I32)")
    }
  }

  private func convert(_ path: String, _ targets: ConversionTargets, into folder: URL, _ comment: String) {
    let output = folder.appending(path: "out").path
    do {
      let conversion = try Conversion(
        path: path, targets: targets)
      _ = try conversion.write(to: output)
    } catch {
      #expect(error is any ZooError, "\(comment): \(error)")
      #expect(!FileManager.default.fileExists(atPath: output), "\(comment) left a file behind")
    }
    try? FileManager.default.removeItem(atPath: output)
  }
}
