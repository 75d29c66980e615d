internal import CHDF5

/// Gathers what the library's iterators call back with.
private final class NameList {
  var names: [String] = []
  let limits: HDF5Limits
  var excess = false

  init(limits: HDF5Limits) { self.limits = limits }

  /// 0 to go on, 1 to stop.
  func add(_ name: String) -> Int32 {
    excess = names.count >= limits.memberCount || name.utf8.count > limits.nameByteCount
    if !excess { names.append(name) }
    return excess ? 1 : 0
  }
}

extension HDF5Group {
  typealias Visit = @convention(c) (UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Int32

  /// All names an iterator of the library gives.
  func names(
    of what: String, _ iterate: (Visit, UnsafeMutableRawPointer) -> herr_t
  ) throws(HDF5Error) -> [String] {
    let list = NameList(limits: context.limits)
    let status = Library.run {
      unsafe iterate(
        { name, context in
          guard let name = unsafe name, let context = unsafe context else { return 1 }
          let list = unsafe Unmanaged<NameList>.fromOpaque(context).takeUnretainedValue()
          return list.add(unsafe String(cString: name))
        }, Unmanaged.passUnretained(list).toOpaque())
    }
    let place = context.place(path)
    guard !list.excess else {
      throw .limitExceeded(
        place: place, what: what, limit: context.limits.memberCount, found: list.names.count + 1)
    }
    guard status >= 0 else { throw .malformed(place: place, reason: Library.run { Library.takeErrors() }) }
    return list.names
  }
}
