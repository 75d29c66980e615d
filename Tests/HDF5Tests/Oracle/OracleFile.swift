import CHDF5
import HDF5
import HDF5Writing
import Tensors

/// A file read by libhdf5: what our own reader is held against. For files of our own making only.
struct OracleFile {
  let root: OracleObject

  init(path: String) throws {
    root = try Library.run {
      let access = try Library.fileAccess(path)
      let file = try Handle(unsafe H5Fopen(path, chdf5_read_only(), access.identifier), place: path)
      return OracleObject(
        file: file, handle: try Handle(unsafe H5Oopen(file.identifier, "/", 0), place: path))
    }
  }
}

/// A group, a dataset or a named type, open.
struct OracleObject {
  let file: Handle
  let handle: Handle

  var kind: HDF5ObjectKind? {
    switch Library.run({ H5Iget_type(handle.identifier) }) {
    case H5I_GROUP: .group
    case H5I_DATASET: .dataset
    case H5I_DATATYPE: .datatype
    default: nil
    }
  }

  /// The names of a group's children.
  func childNames() -> [String] {
    unsafe names { unsafe chdf5_each_link(handle.identifier, $0, $1) }
  }

  func attributeNames() -> [String] {
    unsafe names { unsafe chdf5_each_attribute(handle.identifier, $0, $1) }
  }

  /// The child, if its link is a hard one; nil for any other.
  func child(_ name: String) throws -> OracleObject? {
    try Library.run {
      guard unsafe chdf5_link_kind(handle.identifier, name) == 0 else { return nil }
      return OracleObject(
        file: file, handle: try Handle(unsafe H5Oopen(handle.identifier, name, 0), place: name))
    }
  }

  private typealias Visit = @convention(c) (UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Int32

  private func names(_ iterate: (Visit, UnsafeMutableRawPointer) -> herr_t) -> [String] {
    final class List { var names: [String] = [] }
    let list = List()
    _ = Library.run {
      unsafe iterate(
        { name, context in
          guard let name = unsafe name, let context = unsafe context else { return 1 }
          unsafe Unmanaged<List>.fromOpaque(context).takeUnretainedValue().names.append(String(cString: name))
          return 0
        }, Unmanaged.passUnretained(list).toOpaque())
    }
    return list.names
  }
}
