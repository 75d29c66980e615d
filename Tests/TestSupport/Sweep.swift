import Tensors
package import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif
import class Foundation.ProcessInfo

/// A change of 1, 2, 4 or 8 bytes.
package struct ByteChange: Sendable, CustomStringConvertible {
  package let offset: Int
  private let count: Int
  private let kind: Kind

  private enum Kind: CaseIterable { case zero, largest, more, less, flipped }

  /// Every change at every offset, and those of words where words lie; each `stride`th of them.
  package static func all(of byteCount: Int, stride step: Int) -> [ByteChange] {
    var changes: [ByteChange] = []
    for count in [1, 2, 4, 8] where count <= byteCount {
      for offset in stride(from: 0, through: byteCount - count, by: count) {
        for kind in Kind.allCases where kind != .flipped || count == 1 {
          changes.append(ByteChange(offset: offset, count: count, kind: kind))
        }
      }
    }
    return stride(from: 0, to: changes.count, by: step).map { changes[$0] }
  }

  /// The changed bytes; nil when nothing changes.
  package func applied(to bytes: [UInt8]) -> [UInt8]? {
    let old = bytes[offset..<offset + count]
    let value = old.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    let new: UInt64 =
      switch kind {
      case .zero: 0
      case .largest: .max
      case .more: value &+ 1
      case .less: value &- 1
      case .flipped: value ^ 0x10
      }
    let replacement = Self.little(new, count)
    guard !replacement.elementsEqual(old) else { return nil }
    var changed = bytes
    changed.replaceSubrange(offset..<offset + count, with: replacement)
    return changed
  }

  /// The lowest `count` bytes of a number, the least first.
  package static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  package var description: String { "\(count) bytes at \(offset) \(kind)" }
}

/// What comes of a small file that is cut short at every length and changed at every byte.
package struct Sweep: Sendable {
  /// All of it in `make soak`, a sample otherwise.
  package static let isLong = ProcessInfo.processInfo.environment["ZOO_SOAK"] == "1"

  package private(set) var errors = 0
  package private(set) var same = 0
  /// Results other than the whole file's.
  package private(set) var different = 0

  /// Processor seconds of this thread so far.
  private static var seconds: Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Reads every damaged form of `bytes`: what is thrown must be a typed error of ours.
  ///
  /// - Parameters:
  ///   - sample: one of so many changes is made, unless the sweep is long.
  ///   - maySayOtherwise: whether a change may give another result: where nothing but bytes says what is right.
  ///   - read: the reader.
  package init<Result: Equatable>(
    of bytes: [UInt8], sample: Int, maySayOtherwise: Bool,
    sourceLocation: SourceLocation = #_sourceLocation, read: ([UInt8]) throws -> Result
  ) throws {
    let whole = try read(bytes)
    let step = Self.isLong ? 1 : sample
    for length in stride(from: 0, to: bytes.count, by: step) {
      try take(Array(bytes.prefix(length)), whole, maySayOtherwise, "cut at \(length)", sourceLocation, read)
    }
    for change in ByteChange.all(of: bytes.count, stride: step) {
      guard let changed = change.applied(to: bytes) else { continue }
      try take(changed, whole, maySayOtherwise, "\(change)", sourceLocation, read)
    }
  }

  private mutating func take<Result: Equatable>(
    _ bytes: [UInt8], _ whole: Result, _ maySayOtherwise: Bool, _ change: String, _ place: SourceLocation,
    _ read: ([UInt8]) throws -> Result
  ) throws {
    let start = Self.seconds
    defer {
      // Long sweeps alone look at the time: others run while all the machine is at work.
      if Self.isLong { #expect(Self.seconds - start < 1, "\(change)", sourceLocation: place) }
    }
    do {
      guard try read(bytes) != whole else {
        same += 1
        return
      }
      different += 1
      #expect(maySayOtherwise, "\(change): another result", sourceLocation: place)
    } catch {
      errors += 1
      #expect(error is any ZooError, "\(change): \(error)", sourceLocation: place)
    }
  }
}
