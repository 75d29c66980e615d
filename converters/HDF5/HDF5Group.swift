internal import CHDF5

/// A group: named children and attributes.
package struct HDF5Group: Sendable {
  let context: HDF5Context
  /// Absolute inside the file: `/model_weights/conv1`.
  package let path: String
  let handle: Handle

  /// The names of all children, in the file's order (alphabetical, as a rule).
  package func childNames() throws(HDF5Error) -> [String] {
    try unsafe names(of: "children") { unsafe chdf5_each_link(handle.identifier, $0, $1) }
  }

  /// Whether there is a child of that name, whatever it is.
  package func hasChild(_ name: String) -> Bool {
    Library.run { unsafe chdf5_link_kind(handle.identifier, name) >= 0 }
  }

  /// The group at `relative`, which may go through several groups: `fire2/squeeze1x1`.
  package func group(_ relative: String) throws(HDF5Error) -> HDF5Group {
    let (path, handle) = try open(relative, expected: H5I_GROUP, called: "a group")
    return HDF5Group(context: context, path: path, handle: handle)
  }

  /// The dataset at `relative`, examined but not read.
  package func dataset(_ relative: String) throws(HDF5Error) -> HDF5Dataset {
    let (path, handle) = try open(relative, expected: H5I_DATASET, called: "a dataset")
    return try HDF5Dataset(context: context, path: path, handle: handle)
  }

  /// Whether the child at `relative` is a group, a dataset or nothing we could open.
  package func kind(of relative: String) -> HDF5ObjectKind? {
    guard let (_, handle) = try? walk(relative) else { return nil }
    return Library.run { HDF5ObjectKind(H5Iget_type(handle.identifier)) }
  }

  private func open(
    _ relative: String, expected: H5I_type_t, called name: String
  ) throws(HDF5Error) -> (String, Handle) {
    let (path, handle) = try walk(relative)
    let kind = Library.run { H5Iget_type(handle.identifier) }
    guard kind == expected else {
      let found = HDF5ObjectKind(kind)?.rawValue ?? "something else"
      throw .wrongKind(place: context.place(path), expected: name, found: found)
    }
    return (path, handle)
  }

  /// Goes down one hard link at a time, so that no other link is ever followed.
  private func walk(_ relative: String) throws(HDF5Error) -> (String, Handle) {
    try context.require(
      relative.utf8.count, atMost: context.limits.nameByteCount, "bytes in a name", at: path)
    let steps = relative.split(separator: "/").map(String.init)
    try context.require(steps.count, atMost: context.limits.depth, "groups inside groups", at: path)
    var (current, place) = (handle, path)
    for step in steps {
      let (parent, inside) = (current, place)
      current = try Library.run { () throws(HDF5Error) in try child(step, of: parent, at: inside) }
      place = place == "/" ? "/" + step : place + "/" + step
    }
    return (place, current)
  }

  private func child(_ name: String, of parent: Handle, at inside: String) throws(HDF5Error) -> Handle {
    let place = context.place(inside)
    guard H5Iget_type(parent.identifier) == H5I_GROUP else {
      throw .wrongKind(place: place, expected: "a group that holds '\(name)'", found: "a dataset")
    }
    switch unsafe chdf5_link_kind(parent.identifier, name) {
    case 0: break
    case 1: throw .refused(place: place, what: "'\(name)' is a soft link")
    case 2: throw .refused(place: place, what: "'\(name)' is a link to another file")
    case 3: throw .refused(place: place, what: "'\(name)' is a user-defined link")
    default: throw .missing(place: place, what: "'\(name)'")
    }
    return try Handle(unsafe H5Oopen(parent.identifier, name, 0), place: "\(place)/\(name)")
  }
}

/// What a link leads to.
package enum HDF5ObjectKind: String, Sendable {
  case group = "a group"
  case dataset = "a dataset"
  case datatype = "a named type"

  init?(_ type: H5I_type_t) {
    switch type {
    case H5I_GROUP: self = .group
    case H5I_DATASET: self = .dataset
    case H5I_DATATYPE: self = .datatype
    default: return nil
    }
  }
}
