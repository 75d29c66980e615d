// One import for users: the value types of these modules are part of the public API.
@_exported public import enum Catalog.AxisOrder
@_exported public import enum Catalog.CatalogError
@_exported public import struct Catalog.CatalogProblem
@_exported public import struct Catalog.EntryFacts
@_exported public import struct Catalog.Extent
@_exported public import struct Catalog.PublishedAccuracy
@_exported public import enum Catalog.KernelOrder
@_exported public import enum Catalog.WeightSetError
@_exported public import enum Execution.ExecutionError
@_exported public import enum ONNX.ONNXError
@_exported public import enum ONNX.ONNXModelError
@_exported public import Datasets
@_exported public import Errors
@_exported public import Files
@_exported public import Images
@_exported public import KerasWeights
@_exported public import enum NumPyWeights.NumPyWeightsError
@_exported public import struct Randomness.SplitMix64
@_exported public import TensorArchive
@_exported public import enum TorchWeights.TorchWeightsError
@_exported public import Tensors
@_exported public import Training
@_exported public import WeightConversion
