package import Tensors

/// A group: named children and attributes.
package struct HDF5Group: HDF5Object {
  package let location: HDF5Location

  private var context: HDF5Context { location.context }

  /// The names of all children, in the file's order (alphabetical, as a rule).
  package func childNames() throws(HDF5Error) -> [String] {
    location.node.links.names.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether there is a child of that name, whatever it is.
  package func hasChild(_ name: String) -> Bool { location.node.links[name] != nil }

  /// The group at `relative`, which may go through several groups: `fire2/squeeze1x1`.
  package func group(_ relative: String) throws(HDF5Error) -> HDF5Group {
    HDF5Group(location: try open(relative, expected: .group))
  }

  /// The dataset at `relative`, examined but not read.
  ///
  /// - Parameter type: what opaque elements of its size are taken for, of which the file says nothing else; nil refuses them.
  package func dataset(
    _ relative: String, opaqueAs type: ScalarType? = nil
  ) throws(HDF5Error) -> HDF5Dataset {
    try HDF5Dataset(location: try open(relative, expected: .dataset), opaqueAs: type)
  }

  /// Whether the child at `relative` is a group, a dataset or nothing we could open.
  package func kind(of relative: String) -> HDF5ObjectKind? { (try? walk(relative))?.node.kind }

  /// What leads to a child where it is no hard link, which alone is followed; nil where it is one.
  package func otherLink(to name: String) -> String? {
    switch location.node.links[name] {
    case .soft: "a soft link"
    case .external: "a link to another file"
    case .userDefined: "a user-defined link"
    case .hard, nil: nil
    }
  }

  private func open(_ relative: String, expected: HDF5ObjectKind) throws(HDF5Error) -> HDF5Location {
    let found = try walk(relative)
    guard found.node.kind == expected else {
      throw .wrongKind(
        place: context.place(found.path), expected: expected.rawValue,
        found: found.node.kind?.rawValue ?? "something else")
    }
    return found
  }

  /// Goes down one hard link at a time, so that no other link is ever followed.
  private func walk(_ relative: String) throws(HDF5Error) -> HDF5Location {
    try context.require(
      relative.utf8.count, atMost: context.limits.nameByteCount, "bytes in a name", at: path)
    let steps = relative.split(separator: "/")
    try context.require(steps.count, atMost: context.limits.depth, "groups inside groups", at: path)
    var current = location
    for step in steps { current = try Self.child(step, of: current) }
    return current
  }

  private static func child(_ name: Substring, of parent: HDF5Location) throws(HDF5Error) -> HDF5Location {
    let context = parent.context
    var place: String { context.place(parent.path) }
    guard parent.node.kind == .group else {
      throw .wrongKind(place: place, expected: "a group that holds '\(name)'", found: "a dataset")
    }
    let path = parent.path == "/" ? "/" + name : parent.path + "/" + name
    switch parent.node.links[name] {
    case .hard(let address):
      let node = try locating(context.place(path)) { () throws(FormatError) in try context.node(at: address) }
      return HDF5Location(context: context, path: path, node: node)
    case .soft: throw .refused(place: place, what: "'\(name)' is a soft link")
    case .external: throw .refused(place: place, what: "'\(name)' is a link to another file")
    case .userDefined: throw .refused(place: place, what: "'\(name)' is a user-defined link")
    case nil: throw .missing(place: place, what: "'\(name)'")
    }
  }
}
