import Foundation
import HDF5
import TestSupport
import Testing

/// Every byte of small files changed in every way: a typed error or what the file says now, within a second of work.
@Suite struct SweepTests {
  /// What came of the changes of one file.
  struct Tally {
    var errors = 0
    var same = 0
    /// Other lines than before, by the changed byte.
    var different: [Int: [String]] = [:]
    var slowest: Double = 0
  }

  private func bytes(of name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("hdf5/\(name).h5"))))
  }

  private func lines(_ bytes: [UInt8], checksums: Bool = true) throws(HDF5Error) -> [String] {
    var limits = HDF5Limits.standard
    limits.verifiesChecksums = checksums
    let file = try HDF5File(bytes: bytes, name: "swept.h5", limits: limits)
    do { return try Snapshot(file.root).lines } catch let error as HDF5Error { throw error } catch {
      Issue.record("an error of another kind: \(error)")
      return []
    }
  }

  /// Processor seconds of this thread so far.
  private func seconds() -> Double { Double(clock_gettime_nsec(CLOCK_THREAD_CPUTIME_ID)) / 1e9 }

  private func clock_gettime_nsec(_ clock: clockid_t) -> Int {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }

  private func sweep(_ name: String, checksums: Bool = true, stride step: Int) throws -> (Tally, [UInt8]) {
    let whole = try bytes(of: name)
    let before = try lines(whole, checksums: checksums)
    var tally = Tally()
    for change in ByteChange.all(of: whole.count, stride: step) {
      guard let changed = change.applied(to: whole) else { continue }
      let start = seconds()
      do throws(HDF5Error) {
        let now = try lines(changed, checksums: checksums)
        if now == before { tally.same += 1 } else { tally.different[change.offset] = now }
      } catch { tally.errors += 1 }
      tally.slowest = max(tally.slowest, seconds() - start)
    }
    return (tally, whole)
  }

  /// Where every structure has a checksum, elements alone can change unnoticed: those without a checksum of their own, and
  /// words from 0 to 65,535, which Fletcher's takes for the same.
  @Test func noChangedStructureIsBelieved() throws {
    let (tally, whole) = try sweep("sealed", stride: Sweep.isLong ? 1 : 3)
    let before = try lines(whole)
    for (offset, now) in tally.different {
      let changed = zip(before, now).filter { $0 != $1 }
      let isAnElement = changed.allSatisfy { $0.contains("] float32 ") && $1.contains("] float32 ") }
      #expect(now.count == before.count && isAnElement, "byte \(offset): \(changed)")
    }
    #expect(tally.errors > tally.same)
    if Sweep.isLong { #expect(tally.slowest < 1) }
  }

  /// Behind the checksums the structures must hold by themselves.
  @Test(arguments: ["sealed", "superblock_earliest", "attributes", "datasets"])
  func everyChangeIsAnErrorOrReadAsItIs(name: String) throws {
    let (tally, whole) = try sweep(name, checksums: false, stride: Sweep.isLong ? 1 : 7)
    #expect(tally.errors > 0 && tally.same > 0)
    if Sweep.isLong { #expect(tally.slowest < 1) }
    // Whatever it says now, it is no more than a file of its size can say.
    for lines in tally.different.values {
      #expect(lines.reduce(0) { $0 + $1.utf8.count } < 4 * whole.count + 65536)
    }
  }

  /// Also where the superblock promises no more than is there.
  @Test(arguments: ["sealed", "superblock_earliest", "attributes", "datasets"])
  func everyTruncationIsAnErrorOrNoLoss(name: String) throws {
    let whole = try bytes(of: name)
    let before = try lines(whole, checksums: false)
    let place = whole[8] < 2 ? 40 : 28
    for length in stride(from: 0, to: whole.count, by: Sweep.isLong ? 1 : 13) {
      let cut = Array(whole.prefix(length))
      #expect(throws: HDF5Error.self, "cut at \(length)") { try lines(cut) }
      guard length >= 96 else { continue }
      var shorter = cut
      shorter.replaceSubrange(place..<place + 8, with: ByteChange.little(UInt64(length), 8))
      if let now = try? lines(shorter, checksums: false) { #expect(now == before, "ends at \(length)") }
    }
  }
}
