internal import CHDF5

/// What an attribute holds, before its value is read.
package struct HDF5AttributeInfo: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// Strings of one fixed size in bytes, padded.
    case fixedStrings(size: Int)
    case variableStrings
    case float, integer
    case other
  }

  package let content: Content
  /// The elements: 1 for a scalar, 0 for an empty array.
  package let count: Int

  package init(content: Content, count: Int) {
    self.content = content
    self.count = count
  }
}

extension HDF5Group {
  /// Whether there is an attribute of that name.
  package func hasAttribute(_ name: String) -> Bool {
    Library.run { unsafe H5Aexists(handle.identifier, name) > 0 }
  }

  /// What the attribute holds, or nil when there is none.
  package func attribute(_ name: String) throws(HDF5Error) -> HDF5AttributeInfo? {
    try opened(name)?.info
  }

  /// The attribute's strings, or nil when there is no such attribute.
  ///
  /// An array without elements has no strings whatever its type: Keras writes the empty list of a layer
  /// without weights as `float64` of shape (0,).
  package func strings(_ name: String) throws(HDF5Error) -> [String]? {
    guard let attribute = try opened(name) else { return nil }
    guard attribute.info.count > 0 else { return [] }
    switch attribute.info.content {
    case .fixedStrings(let size): return try attribute.fixedStrings(size: size)
    case .variableStrings: return try attribute.variableStrings()
    default:
      throw .wrongKind(place: attribute.place, expected: "strings", found: "\(attribute.info.content)")
    }
  }

  /// The one string of a scalar attribute, or nil when there is no such attribute.
  package func string(_ name: String) throws(HDF5Error) -> String? { try strings(name)?.first }

  private func opened(_ name: String) throws(HDF5Error) -> OpenAttribute? {
    guard hasAttribute(name) else { return nil }
    return try Library.run { () throws(HDF5Error) in
      try OpenAttribute(name: name, of: self)
    }
  }
}

/// An attribute with its type and extent, open.
private struct OpenAttribute {
  let place: String
  let info: HDF5AttributeInfo
  private let attribute: Handle
  private let type: Handle
  private let space: Handle
  private let context: HDF5Context

  init(name: String, of group: HDF5Group) throws(HDF5Error) {
    let inside = "\(group.path) attribute '\(name)'"
    let place = group.context.place(inside)
    attribute = try Handle(unsafe H5Aopen(group.handle.identifier, name, 0), place: place)
    type = try Handle(H5Aget_type(attribute.identifier), place: place)
    space = try Handle(H5Aget_space(attribute.identifier), place: place)
    self.place = place
    context = group.context
    let count = Int(clamping: max(0, H5Sget_simple_extent_npoints(space.identifier)))
    info = HDF5AttributeInfo(content: Self.content(of: type), count: count)
    let limits = context.limits
    try context.require(count, atMost: limits.stringCount, "elements of an attribute", at: inside)
    let stored = Int(clamping: H5Aget_storage_size(attribute.identifier))
    try context.require(
      stored, atMost: min(limits.attributeByteCount, context.byteCount), "bytes of an attribute", at: inside)
  }

  private static func content(of type: Handle) -> HDF5AttributeInfo.Content {
    switch H5Tget_class(type.identifier) {
    case H5T_STRING:
      H5Tis_variable_str(type.identifier) > 0
        ? .variableStrings : .fixedStrings(size: Int(clamping: H5Tget_size(type.identifier)))
    case H5T_FLOAT: .float
    case H5T_INTEGER: .integer
    default: .other
    }
  }

  /// Fixed strings have no terminator when they are full.
  func fixedStrings(size: Int) throws(HDF5Error) -> [String] {
    let (byteCount, overflow) = size.multipliedReportingOverflow(by: info.count)
    guard size > 0, !overflow, byteCount <= context.byteCount else {
      throw .limitExceeded(
        place: place, what: "bytes of an attribute", limit: context.byteCount, found: byteCount)
    }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    let status = Library.run { unsafe H5Aread(attribute.identifier, type.identifier, &bytes) }
    guard status >= 0 else { throw .malformed(place: place, reason: Library.run { Library.takeErrors() }) }
    let spacePadded = Library.run { H5Tget_strpad(type.identifier) } == H5T_STR_SPACEPAD
    return (0..<info.count).map { index in
      let field = bytes[index * size..<(index + 1) * size]
      let text = field.prefix { $0 != 0 }
      return String(decoding: spacePadded ? text.trimmingSuffix(of: 0x20) : text, as: UTF8.self)
    }
  }

  func variableStrings() throws(HDF5Error) -> [String] {
    try context.heaps.validate()
    return try Library.run { () throws(HDF5Error) in
      var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: info.count)
      guard unsafe H5Aread(attribute.identifier, type.identifier, &pointers) >= 0 else {
        throw .malformed(place: place, reason: Library.takeErrors())
      }
      let strings = unsafe pointers.map { unsafe $0.map { unsafe String(cString: $0) } ?? "" }
      unsafe chdf5_reclaim(type.identifier, space.identifier, &pointers)
      return strings
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func trimmingSuffix(of byte: UInt8) -> ArraySlice<UInt8> {
    self[..<((lastIndex { $0 != byte } ?? startIndex - 1) + 1)]
  }
}
