import CHDF5
import HDF5
import HDF5Writing
import Tensors

extension OracleObject {
  /// What an attribute holds; nil for an extent of nothing.
  func attribute(_ name: String) throws -> (info: HDF5AttributeInfo, strings: [String]?) {
    try Library.run {
      let attribute = try Handle(unsafe H5Aopen(handle.identifier, name, 0), place: name)
      let type = try Handle(H5Aget_type(attribute.identifier), place: name)
      let space = try Handle(H5Aget_space(attribute.identifier), place: name)
      let count = Int(H5Sget_simple_extent_npoints(space.identifier))
      let content = Self.content(of: type)
      let info = HDF5AttributeInfo(content: content, count: count)
      guard count > 0 else { return (info, []) }
      switch content {
      case .fixedStrings(let size): return (info, try Self.fixed(attribute, type, count, size))
      case .variableStrings: return (info, try Self.variable(attribute, type, space, count))
      default: return (info, nil)
      }
    }
  }

  private static func content(of type: Handle) -> HDF5AttributeInfo.Content {
    switch H5Tget_class(type.identifier) {
    case H5T_STRING:
      H5Tis_variable_str(type.identifier) > 0
        ? .variableStrings : .fixedStrings(size: H5Tget_size(type.identifier))
    case H5T_FLOAT: .float
    case H5T_INTEGER: .integer
    default: .other
    }
  }

  private static func fixed(_ attribute: Handle, _ type: Handle, _ count: Int, _ size: Int) throws -> [String]
  {
    var bytes = [UInt8](repeating: 0, count: count * size)
    try check(unsafe H5Aread(attribute.identifier, type.identifier, &bytes))
    let isSpacePadded = H5Tget_strpad(type.identifier) == H5T_STR_SPACEPAD
    return (0..<count).map { index in
      var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
      while isSpacePadded, text.last == 0x20 { text.removeLast() }
      return String(decoding: text, as: UTF8.self)
    }
  }

  private static func variable(
    _ attribute: Handle, _ type: Handle, _ space: Handle, _ count: Int
  ) throws -> [String] {
    var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    try check(unsafe H5Aread(attribute.identifier, type.identifier, &pointers))
    let strings = unsafe pointers.map { unsafe $0.map { unsafe String(cString: $0) } ?? "" }
    unsafe chdf5_reclaim(type.identifier, space.identifier, &pointers)
    return strings
  }

  private static func check(_ status: herr_t) throws {
    guard status < 0 else { return }
    throw HDF5Error.malformed(place: "oracle", reason: Library.takeErrors())
  }

  /// A dataset's shape, type and elements in this machine's byte order; nil for a type that is none of ours.
  func elements() throws -> (shape: [Int], scalarType: ScalarType, bytes: [UInt8])? {
    try Library.run {
      let type = try Handle(H5Dget_type(handle.identifier), place: "oracle")
      let space = try Handle(H5Dget_space(handle.identifier), place: "oracle")
      let isNull = H5Sget_simple_extent_type(space.identifier) == H5S_NULL
      guard let scalarType = OracleType.scalarType(type), !isNull else { return nil }
      var extents = [hsize_t](repeating: 0, count: max(0, Int(H5Sget_simple_extent_ndims(space.identifier))))
      unsafe H5Sget_simple_extent_dims(space.identifier, &extents, nil)
      let shape = extents.map(Int.init)
      var bytes = [UInt8](repeating: 0xAA, count: shape.reduce(1, *) * scalarType.byteCount)
      let memory = try Handle(H5Tcopy(type.identifier), place: "oracle")
      H5Tset_order(memory.identifier, H5T_ORDER_LE)
      try Self.check(unsafe H5Dread(handle.identifier, memory.identifier, 0, 0, 0, &bytes))
      return (shape, scalarType, bytes)
    }
  }
}

/// The library's types as ours.
private enum OracleType {
  static func scalarType(_ type: Handle) -> ScalarType? {
    let size = H5Tget_size(type.identifier)
    let isSigned = H5Tget_sign(type.identifier) == H5T_SGN_2
    let hasAllBits = H5Tget_precision(type.identifier) == size * 8
    switch (H5Tget_class(type.identifier), size) {
    case (H5T_FLOAT, _): return float(type)
    case (H5T_INTEGER, 8) where hasAllBits: return isSigned ? .int64 : .uint64
    case (H5T_INTEGER, 4) where hasAllBits: return isSigned ? .int32 : .uint32
    case (H5T_INTEGER, 2) where hasAllBits: return isSigned ? .int16 : .uint16
    case (H5T_INTEGER, 1) where hasAllBits: return isSigned ? .int8 : .uint8
    case (H5T_ENUM, 1): return isTruth(type) ? .bool : nil
    default: return nil
    }
  }

  private static func float(_ type: Handle) -> ScalarType? {
    var (sign, exponent, exponentSize, mantissa, mantissaSize) = (0, 0, 0, 0, 0)
    unsafe H5Tget_fields(type.identifier, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize)
    let fields = [sign, exponent, exponentSize, mantissa, mantissaSize, H5Tget_ebias(type.identifier)]
    return switch fields {
    case [63, 52, 11, 0, 52, 1023]: .float64
    case [31, 23, 8, 0, 23, 127]: .float32
    case [15, 10, 5, 0, 10, 15]: .float16
    case [15, 7, 8, 0, 7, 127]: .bfloat16
    default: nil
    }
  }

  private static func isTruth(_ type: Handle) -> Bool {
    guard H5Tget_nmembers(type.identifier) == 2 else { return false }
    var (no, yes): (Int8, Int8) = (-1, -1)
    let noes = unsafe H5Tenum_valueof(type.identifier, "FALSE", &no)
    let yeses = unsafe H5Tenum_valueof(type.identifier, "TRUE", &yes)
    return noes >= 0 && yeses >= 0 && (no, yes) == (0, 1)
  }
}
