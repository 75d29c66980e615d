// One import for users: the value types of these modules are part of the public API.
@_exported public import Datasets
@_exported public import Files
@_exported public import Images
@_exported public import TensorArchive
@_exported public import Tensors
@_exported public import Training
