import Catalog
import Errors
import Foundation
import HDF5
import KerasWeights
import TestSupport
import Tensors
import Testing
import WeightConversion

/// What cannot be converted whole is refused in words, and nothing is written.
@Suite struct RefusalTests {
  private func refusal(_ fixture: String) throws -> ConversionError {
    try #require(#expect(throws: ConversionError.self) { try TinyEntry.conversion(fixture) })
  }

  @Test func listsEverythingThatDoesNotFit() throws {
    guard case .mismatch(_, let missing) = try refusal("layer_missing") else {
      Issue.record("layer_missing")
      return
    }
    #expect(missing.missing == ["sep/depthwise_kernel (3, 3, 5, 1)", "sep/pointwise_kernel (1, 1, 5, 6)"])
    #expect(missing.applied.count == 8)
    guard case .mismatch(_, let wrong) = try refusal("wrong_shape") else {
      Issue.record("wrong_shape")
      return
    }
    #expect(wrong.wrongShape == ["stem_bn/beta: expected (4,), found (3,)"])
    guard case .mismatch(_, let unused) = try refusal("stranger_inside") else {
      Issue.record("stranger_inside")
      return
    }
    #expect(unused.unused == ["/extra/extra/kernel:0 (1, 1, 4, 4)"])
    #expect(unused.description.contains("unused: 1"))
  }

  @Test func anotherNetworkIsNotForced() throws {
    guard case .unrecognised(_, let facts, let nearest) = try refusal("another_network") else {
      Issue.record("another_network")
      return
    }
    #expect(facts.contains("1 layer with 1 tensor (dense_1)"))
    // Nothing of the one network fits: it is not near.
    #expect(nearest == nil)
  }

  @Test(arguments: [
    ("keras0", ErrorFamily.unsupported, "Keras 0.x"),
    ("not_keras", .malformed, "found table"),
    ("lying_list", .malformed, "no 'bias:0' here, which the file's own list names"),
  ])
  func foreignLayoutsAreNamed(fixture: String, family: ErrorFamily, words: String) throws {
    let error = try #require(
      #expect(throws: KerasWeightsError.self) { try TinyEntry.conversion(fixture) })
    #expect(error.family == family)
    #expect(error.description.contains(words))
  }

  @Test func nothingIsLeftBehind() throws {
    try withTemporaryFolder { folder in
      let output = folder.appending(path: "out.zoo.safetensors").path
      for fixture in ["layer_missing", "wrong_shape", "with_top"] {
        #expect(throws: ConversionError.self) { try TinyEntry.conversion(fixture).write(to: output) }
      }
      #expect(throws: KerasWeightsError.self) { try TinyEntry.conversion("lying_list").write(to: output) }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left == [])
    }
  }
}
