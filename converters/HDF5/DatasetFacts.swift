internal import CHDF5
internal import Tensors

/// What a dataset claims to be, believed only as far as the file's size allows.
struct DatasetFacts {
  let shape: TensorShape
  let scalarType: ScalarType
  let storage: HDF5Dataset.Storage

  /// Examines without reading; to be called inside `Library.run`.
  init(of handle: Handle, in context: HDF5Context, at path: String) throws(HDF5Error) {
    let place = context.place(path)
    let creation = try Handle(H5Dget_create_plist(handle.identifier), place: place)
    // Before anything else: asking a virtual dataset for its extent may open other files.
    try Self.refuseForeignStorage(creation, place: place)
    scalarType = try Self.scalarType(of: handle, place: place)
    shape = try Self.shape(of: handle, in: context, at: path)
    let (byteCount, overflow) = shape.elementCount.multipliedReportingOverflow(by: scalarType.byteCount)
    guard !overflow else {
      throw .limitExceeded(place: place, what: "bytes of a dataset", limit: context.byteCount, found: .max)
    }
    let claim = Claim(
      handle: handle, creation: creation, shape: shape, scalarType: scalarType, byteCount: byteCount)
    storage = try claim.storage(in: context, at: path)
  }

  private static func refuseForeignStorage(_ creation: Handle, place: String) throws(HDF5Error) {
    if H5Pget_layout(creation.identifier) == H5D_VIRTUAL {
      throw .refused(place: place, what: "a virtual dataset, whose elements lie in other files")
    }
    if H5Pget_external_count(creation.identifier) != 0 {
      throw .refused(place: place, what: "a dataset whose elements lie in other files")
    }
  }

  private static func shape(
    of handle: Handle, in context: HDF5Context, at path: String
  ) throws(HDF5Error) -> TensorShape {
    let place = context.place(path)
    let space = try Handle(H5Dget_space(handle.identifier), place: place)
    guard H5Sget_simple_extent_type(space.identifier) != H5S_NULL else {
      throw .wrongKind(place: place, expected: "a dataset with elements", found: "one without an extent")
    }
    let rank = Int(H5Sget_simple_extent_ndims(space.identifier))
    guard rank >= 0 else { throw .malformed(place: place, reason: Library.takeErrors()) }
    try context.require(rank, atMost: context.limits.rank, "axes of a dataset", at: path)
    var extents = [hsize_t](repeating: 0, count: rank)
    unsafe H5Sget_simple_extent_dims(space.identifier, &extents, nil)
    guard let shape = TensorShape(validating: extents.map { Int(clamping: $0) }) else {
      throw .limitExceeded(place: place, what: "elements of a dataset", limit: context.byteCount, found: .max)
    }
    return shape
  }

  private static func scalarType(of handle: Handle, place: String) throws(HDF5Error) -> ScalarType {
    let type = try Handle(H5Dget_type(handle.identifier), place: place)
    let kind = H5Tget_class(type.identifier)
    let size = H5Tget_size(type.identifier)
    let signed = H5Tget_sign(type.identifier) == H5T_SGN_2
    switch (kind, size) {
    case (H5T_FLOAT, 8) where isIEEE(type, bits: (63, 52, 11, 52)): return .float64
    case (H5T_FLOAT, 4) where isIEEE(type, bits: (31, 23, 8, 23)): return .float32
    case (H5T_FLOAT, 2) where isIEEE(type, bits: (15, 10, 5, 10)): return .float16
    case (H5T_INTEGER, 8): return signed ? .int64 : .uint64
    case (H5T_INTEGER, 4): return signed ? .int32 : .uint32
    case (H5T_INTEGER, 2): return signed ? .int16 : .uint16
    case (H5T_INTEGER, 1): return signed ? .int8 : .uint8
    default:
      throw .wrongKind(
        place: place, expected: "floating-point numbers of 2, 4 or 8 bytes, or integers",
        found: "HDF5 type class \(kind.rawValue) of \(size) bytes")
    }
  }

  /// Whether sign bit, exponent and mantissa lie where IEEE 754 has them.
  private static func isIEEE(_ type: Handle, bits: (Int, Int, Int, Int)) -> Bool {
    var (sign, exponent, exponentSize, mantissa, mantissaSize) = (0, 0, 0, 0, 0)
    let status = unsafe H5Tget_fields(
      type.identifier, &sign, &exponent, &exponentSize, &mantissa, &mantissaSize)
    return status >= 0 && (sign, exponent, exponentSize, mantissaSize) == bits && mantissa == 0
  }

  /// The type the library converts to while reading: the file's own in this machine's byte order.
  static func memoryType(for scalarType: ScalarType, of handle: Handle) throws(HDF5Error) -> Handle {
    let native: hid_t? =
      switch scalarType {
      case .float64: chdf5_type_float64()
      case .float32: chdf5_type_float32()
      case .int64: chdf5_type_int64()
      case .int32: chdf5_type_int32()
      case .int16: chdf5_type_int16()
      case .int8: chdf5_type_int8()
      case .uint64: chdf5_type_uint64()
      case .uint32: chdf5_type_uint32()
      case .uint16: chdf5_type_uint16()
      case .uint8: chdf5_type_uint8()
      case .float16, .bfloat16, .bool: nil
      }
    if let native { return try Handle(H5Tcopy(native), place: "memory type") }
    let own = try Handle(H5Dget_type(handle.identifier), place: "memory type")
    let copy = try Handle(H5Tcopy(own.identifier), place: "memory type")
    H5Tset_order(copy.identifier, H5T_ORDER_LE)
    return copy
  }
}
