internal import CHDF5
import Foundation
import Synchronization

/// Looks over a file's global heaps, where variable-length strings lie, before the library does: it goes round
/// for ever in a heap whose objects have impossible sizes (HDF5 File Format Specification, III.E).
final class GlobalHeaps: Sendable {
  private let path: String
  private let byteCount: Int
  private let verdict = Mutex<Result<Void, HDF5Error>?>(nil)

  private static let blockByteCount = 1 << 20

  init(path: String, byteCount: Int) {
    self.path = path
    self.byteCount = byteCount
  }

  /// Throws when a heap is damaged; looks once.
  func validate() throws(HDF5Error) {
    let result = verdict.withLock { known in
      let result = known ?? Result { () throws(HDF5Error) in try examine() }
      known = result
      return result
    }
    try result.get()
  }

  private func examine() throws(HDF5Error) {
    for heap in try starts() { try validateHeap(at: heap) }
  }

  /// Where heaps begin, found by their signature.
  private func starts() throws(HDF5Error) -> [Int] {
    var found: [Int] = []
    var offset = 0
    while offset < byteCount {
      let block = try read(at: offset, count: Self.blockByteCount + 8)
      var position = 0
      while true {
        position = unsafe block.withUnsafeBufferPointer { bytes in
          guard let start = bytes.baseAddress else { return bytes.count }
          return unsafe chdf5_find_heap(start, bytes.count, position)
        }
        guard position < min(block.count, Self.blockByteCount) else { break }
        found.append(offset + position)
        position += 1
      }
      offset += Self.blockByteCount
    }
    return found
  }

  /// Walks a heap's objects as the library will: every step must go on and stay inside.
  private func validateHeap(at start: Int) throws(HDF5Error) {
    let size = Self.integer(try read(at: start + 8, count: 8)[...])
    guard size >= 4096, size <= byteCount - start else { throw damaged(start, "its size is \(size)") }
    let heap = try read(at: start, count: size)
    var position = 16
    while position + 16 <= heap.count {
      let index = Int(heap[position]) | Int(heap[position + 1]) << 8
      let length = Self.integer(heap[position + 8..<position + 16])
      guard length >= 0, length <= heap.count - position else {
        throw damaged(start, "an object in it has \(length) bytes")
      }
      let step = index == 0 ? length : 16 + (length + 7) / 8 * 8
      guard step >= 16, step <= heap.count - position else {
        throw damaged(start, "an object in it has \(length) bytes")
      }
      position += step
    }
  }

  private func damaged(_ start: Int, _ what: String) -> HDF5Error {
    .malformed(place: path, reason: "the global heap at byte \(start): \(what)")
  }

  /// A little-endian number of 8 bytes; -1 when it leaves `Int`.
  private static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
    let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return bytes.count == 8 ? Int(exactly: value) ?? -1 : -1
  }

  private func read(at offset: Int, count: Int) throws(HDF5Error) -> [UInt8] {
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      try file.seek(toOffset: UInt64(offset))
      return [UInt8](try file.read(upToCount: count) ?? Data())
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }
}
