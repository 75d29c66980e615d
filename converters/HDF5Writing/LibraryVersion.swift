internal import CHDF5

/// The version of the libhdf5 in use: `1.14.5`.
package func hdf5VersionInUse() -> String {
  Library.run {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    unsafe H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }
}
