import Tensors

/// What the pickle of a file of weights may ask for by name. Nothing of it is run: each stands for what is done here with the arguments
/// that follow it.
enum TorchName: Hashable, Sendable {
  case orderedDictionary
  /// `_rebuild_tensor` and `_rebuild_tensor_v2`: a storage, an offset, extents, strides.
  case rebuildTensor
  /// The same with a type of elements, of a storage that has none.
  case rebuildTypedTensor
  /// A tensor that is a parameter of a module.
  case rebuildParameter
  /// `torch.Size`.
  case size
  /// What makes a storage of elements of this type.
  case storage(ScalarType?)
  /// A type of elements.
  case type(ScalarType)
  /// What makes something that is not looked at.
  case unread

  /// What a module's name and one in it stand for; nil for any other, which is refused.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      self = .rebuildParameter
    case ("torch", "Size"): self = .size
    case ("torch", "device"), ("builtins", "set"), ("__builtin__", "set"): self = .unread
    case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): self = .storage(nil)
    case ("torch", let name), ("torch.cuda", let name):
      if let type = Self.storages[name] {
        self = .storage(type)
      } else if module == "torch", let type = Self.types[name] {
        self = .type(type)
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let storages: [String: ScalarType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
    "ByteStorage": .uint8,
    "BoolStorage": .bool,
  ]

  private static let types: [String: ScalarType] = [
    "float64": .float64, "float32": .float32, "float16": .float16, "bfloat16": .bfloat16, "int64": .int64,
    "int32": .int32, "int16": .int16, "int8": .int8, "uint64": .uint64, "uint32": .uint32, "uint16": .uint16,
    "uint8": .uint8, "bool": .bool,
  ]
}
