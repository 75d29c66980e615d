package import CHDF5
internal import Foundation
package import HDF5

/// The one door to libhdf5, which writes for us and never sees a file that anybody else wrote. It is not safe to enter
/// from two threads: everything that calls it is inside `Library.run`.
@safe package enum Library {
  private static let lock = NSRecursiveLock()

  /// Owners close their identifiers, and the writer flushes; so nothing is left to do at exit, where the library
  /// would look for what is still open (in a thread that goes on, say) and complain. Plugins would let a file run
  /// code of its own choice.
  private static let prepared: Bool =
    H5dont_atexit() >= 0 && H5open() >= 0 && H5PLset_loading_state(0) >= 0

  /// Runs `body` alone in the library, with its printing off.
  package static func run<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure)
    -> Result
  {
    lock.lock()
    defer { lock.unlock() }
    _ = prepared
    chdf5_be_silent()
    return try body()
  }

  /// The version in use: `1.14.5`.
  package static var version: String {
    run {
      var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
      unsafe H5get_libversion(&major, &minor, &release)
      return "\(major).\(minor).\(release)"
    }
  }

  /// How files are opened: without a lock, and by the driver that is named, so that no environment variable chooses
  /// another.
  package static func fileAccess(_ path: String) throws(HDF5Error) -> Handle {
    let access = try Handle(H5Pcreate(chdf5_file_access()), place: path)
    guard H5Pset_fapl_sec2(access.identifier) >= 0, chdf5_without_locking(access.identifier) >= 0 else {
      throw .malformed(place: path, reason: takeErrors())
    }
    return access
  }

  /// What the library says of the call that just failed, innermost cause first.
  package static func takeErrors() -> String {
    var text = [CChar](repeating: 0, count: 1024)
    unsafe chdf5_take_errors(&text, text.count)
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return bytes.isEmpty ? "no reason given" : String(decoding: bytes, as: UTF8.self)
  }
}

/// An open identifier of the library; closed when the last owner goes.
@safe package final class Handle: Sendable {
  package let identifier: hid_t

  /// Takes ownership, or throws the library's reason when the call that made the identifier failed.
  package init(_ identifier: hid_t, place: @autoclosure () -> String) throws(HDF5Error) {
    guard identifier >= 0 else { throw .malformed(place: place(), reason: Library.takeErrors()) }
    self.identifier = identifier
  }

  deinit { Library.run { _ = H5Idec_ref(identifier) } }
}
