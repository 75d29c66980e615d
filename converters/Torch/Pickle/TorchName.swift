import Encoding
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

  /// Tensors of kinds that are not read, and what to do instead; nil for a name of anything else.
  static func unsupported(module: String, name: String) -> (what: String, advice: String)? {
    func each(_ method: String) -> String {
      "save them as usual numbers: torch.save({k: v.\(method) for k, v in state_dict.items()}, 'weights.pth')"
    }
    guard module == "torch" || module.hasPrefix("torch.") else { return nil }
    return switch name {
    case "_rebuild_qtensor", "QInt8Storage", "QUInt8Storage", "QInt32Storage", "qint8", "quint8", "qint32":
      (
        "quantized tensors",
        "save the weights as they were before they were quantized, or "
          + each("dequantize() if v.is_quantized else v")
      )
    case "_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor", "_rebuild_nested_tensor":
      ("sparse tensors", each("to_dense()"))
    case "ComplexFloatStorage", "ComplexDoubleStorage", "complex64", "complex128":
      ("complex numbers", "no network here computes with them")
    case "_rebuild_meta_tensor_no_storage":
      ("tensors without numbers (of the device 'meta')", "load the weights into the model, and save it again")
    case let name where name.hasPrefix("float8_"): ("numbers of 8 bits (\(name))", each("float()"))
    case let name where name.hasPrefix("_rebuild_"):
      ("tensors of a kind of their own (\(name.printable))", each("detach().cpu().clone()"))
    default: nil
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
