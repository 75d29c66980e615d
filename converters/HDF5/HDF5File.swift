internal import CHDF5

/// An HDF5 file open for reading, by way of libhdf5.
///
/// Nothing outside the file is ever reached: no plugins, no external or soft links, no external storage, no
/// virtual datasets. Safe to use from several threads; calls take turns.
package struct HDF5File: Sendable {
  package let path: String
  /// The file's real length.
  package let byteCount: Int
  package let root: HDF5Group

  /// Opens the file at `path` after a look at its first bytes: what is no HDF5 file, and what was cut short,
  /// never reaches the library.
  package init(path: String, limits: HDF5Limits = .standard) throws(HDF5Error) {
    let signature = try FileSignature(path: path)
    try signature.requireWholeHDF5()
    let handle = try Library.run { () throws(HDF5Error) in try Self.open(path) }
    self.path = path
    self.byteCount = signature.byteCount
    let context = HDF5Context(
      path: path, byteCount: signature.byteCount, limits: limits, file: handle,
      heaps: GlobalHeaps(path: path, byteCount: signature.byteCount))
    self.root = try HDF5Group(context: context, path: "/", handle: context.openRoot())
  }

  private static func open(_ path: String) throws(HDF5Error) -> Handle {
    let access = try Library.fileAccess(path)
    guard H5Pset_fclose_degree(access.identifier, H5F_CLOSE_STRONG) >= 0 else {
      throw .malformed(place: path, reason: Library.takeErrors())
    }
    return try Handle(unsafe H5Fopen(path, chdf5_read_only(), access.identifier), place: path)
  }
}

/// What everything in one file shares.
struct HDF5Context: Sendable {
  let path: String
  let byteCount: Int
  let limits: HDF5Limits
  let file: Handle
  let heaps: GlobalHeaps

  func openRoot() throws(HDF5Error) -> Handle {
    try Library.run { () throws(HDF5Error) in
      try Handle(unsafe H5Oopen(file.identifier, "/", 0), place: path)
    }
  }

  /// Where in which file: `weights.h5 /conv1/kernel:0`.
  func place(_ inside: String) -> String { "\(path) \(inside)" }

  /// Throws when `found` is beyond `limit`.
  func require(
    _ found: Int, atMost limit: Int, _ what: String, at inside: String
  ) throws(HDF5Error) {
    guard found <= limit else {
      throw .limitExceeded(place: place(inside), what: what, limit: limit, found: found)
    }
  }
}
