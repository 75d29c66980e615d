import Catalog
import KerasWeights
import TensorArchive
import TestSupport
import Tensors
import Testing
import WeightConversion

/// The tiny network of Tests/Fixtures/keras-eras, as data.
enum TinyEntry {
  static let shapes: [(layer: String, role: String, shape: TensorShape)] = [
    ("stem", "kernel", [3, 3, 3, 4]), ("stem", "bias", [4]), ("stem_bn", "gamma", [4]),
    ("stem_bn", "beta", [4]), ("stem_bn", "moving_mean", [4]), ("stem_bn", "moving_variance", [4]),
    ("conv2d", "kernel", [1, 1, 4, 5]), ("conv2d_1", "kernel", [1, 1, 4, 5]),
    ("sep", "depthwise_kernel", [3, 3, 5, 1]), ("sep", "pointwise_kernel", [1, 1, 5, 6]),
  ]

  static let weightSets = [
    """
    {"format": 1, "tag": "old", "title": "Keras 1", "era": "keras1", "graph": "E", "axisOrder": "HWIO",
     "kernels": "tensorflow", "weightNames": "{layer}_{role}_1:0", "basis": "made up", "firstNumber": 1,
     "autoNumbered": ["convolution2d", "separableconvolution2d"],
     "layers": [["stem", "conv1"], ["stem_bn", "bn_conv1"], ["conv2d", "convolution2d_1"],
                ["conv2d_1", "convolution2d_2"], ["sep", "separableconvolution2d_1"]]}
    """,
    """
    {"format": 1, "tag": "old-th", "title": "Keras 1, Theano", "era": "keras1", "graph": "E", "axisOrder": "OIHW",
     "kernels": "theano", "weightNames": "{layer}_{role}_1:0", "basis": "made up", "bindingOf": "old",
     "firstNumber": 1}
    """,
    """
    {"format": 1, "tag": "new", "title": "Keras 2", "era": "keras2", "graph": "F", "axisOrder": "HWIO",
     "kernels": "tensorflow", "weightNames": "{layer}/{role}:0", "basis": "made up", "firstNumber": 0,
     "kerasVersions": ["2.0.0", "2.99.0"], "layersPresent": ["input_1"], "autoNumbered": ["conv2d"]}
    """,
    """
    {"format": 1, "tag": "keras3", "title": "Keras 3", "era": "keras3", "graph": "F", "axisOrder": "HWIO",
     "kernels": "tensorflow", "weightNames": "{layer}/{role}", "basis": "made up", "firstNumber": 0,
     "kerasVersions": ["3.0.0", "3.99.0"], "layersPresent": ["input_layer"], "bindingOf": "new"}
    """,
  ]

  static func target() throws -> ConversionTarget {
    ConversionTarget(
      identifier: "tiny", title: "Tiny",
      parameters: shapes.map {
        Parameter(layer: $0.layer, role: $0.role, shape: $0.shape, isTrainable: true)
      },
      variants: ["E", "F"], json: "{}",
      weightSets: try weightSets.map { try WeightSet(json: $0, file: "tiny") })
  }

  static func conversion(
    _ fixture: String, _ options: ConversionOptions = ConversionOptions()
  ) throws -> Conversion {
    try Conversion(
      path: Repository.fixture("keras-eras/\(fixture).h5"), targets: [try target()],
      options: options)
  }
}

/// Checks every tensor of an archive against the seed it was made from.
func expectSynthetic(_ archive: Archive, _ parameters: [Parameter], seed: UInt64, _ comment: String) throws {
  #expect(Set(archive.names) == Set(parameters.map(\.name)), "\(comment)")
  let values = SyntheticWeights(seed: seed)
  for parameter in parameters {
    let tensor = try archive.tensor(named: parameter.name)
    #expect(tensor.shape == parameter.shape, "\(comment): \(parameter.name)")
    let expected = values.values(layer: parameter.layer, role: parameter.role, shape: parameter.shape)
    #expect(tensor.floats() == expected, "\(comment): \(parameter.name)")
  }
}
