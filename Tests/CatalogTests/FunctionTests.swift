import Catalog
import Foundation
import TestSupport
import Testing

/// Functions that no layer of ours computes, in models as Keras writes them (`Tests/Fixtures/functions/make.py`): each is refused
/// with the layer, its class, and what it is called with.
@Suite struct FunctionTests {
  @Test(
    arguments: [
      ("softmax over rows", "softmax (Softmax): the function softmax with axis = 1"),
      ("log_softmax", "log_softmax (LogSoftmax): the function log_softmax"),
      ("square", "square (Square): the function square"),
      ("mean of rows", "mean (Mean): the function mean with axis = 1"),
      ("mean of channels", "mean (Mean): the function mean with axis = -1"),
      ("max from", "max (Max): the function max with initial = 0"),
      ("sum", "sum (Sum): the function sum"),
      ("clip around", "clip (Clip): the function clip with x_min = -1"),
      ("minimum", "minimum (Minimum): the function minimum of 6"),
      ("power", "power (Power): the function power"),
      ("ratio", "true_divide_1 (TrueDivide): the function divide of two layers"),
      ("inverse", "true_divide_1 (TrueDivide): the function divide of 1"),
      ("concatenate rows", "concatenate (Concatenate): the function concatenate with axis = 1"),
      (
        "pad channels",
        "pad (Pad): the function pad with pad_width = [[0, 0], [0, 0], [0, 0], [0, 1]]"
      ), ("pad ones", "pad (Pad): the function pad with constant_values = 1"),
      ("pad mirrored", "pad (Pad): the function pad with mode = reflect"),
      ("flip", "flip (Flip): the function flip"), ("rows", "get_item (GetItem): the function get_item"),
      ("normalize", "normalize (Normalize): the function normalize"),
      ("resize blurred", "resize (Resize): the function resize with antialias = 1"),
      ("tf mean of rows", "tf.math.reduce_mean (TFOpLambda): the function mean with axis = 1"),
    ]) func whatNoLayerComputesIsRefused(name: String, problem: String) throws
  {
    let json = try #require(Self.refused[name])
    #expect(throws: CatalogError.unsupportedLayers([problem + " has no counterpart"])) {
      try DraftedNetwork(json: json)
    }
  }

  @Test func allAreTried() { #expect(Self.refused.count == 21) }

  private static let refused: [String: String] = {
    let url = URL(fileURLWithPath: Repository.fixture("functions/refused.json"))
    return (try? JSONDecoder().decode([String: String].self, from: Data(contentsOf: url))) ?? [:]
  }()
}
