internal import Synchronization

/// Counts the bytes of structures a file makes us read and the memory it makes us keep, against what a file of its
/// size can honestly need: nothing in it can make us work or hold more, however often it points to the same place.
final class Ledger: Sendable {
  private let spent = Atomic<Int>(0)
  private let allowance: Int

  init(fileByteCount: Int) {
    let (fourfold, overflow) = fileByteCount.multipliedReportingOverflow(by: 4)
    allowance =
      overflow ? .max : fourfold.addingReportingOverflow(32 << 20).overflow ? .max : fourfold + (32 << 20)
  }

  /// Takes `amount` bytes of the allowance, or throws when they are not there.
  func charge(_ amount: Int) throws(FormatError) {
    guard amount <= allowance else { throw excess(amount) }
    let total = spent.add(amount, ordering: .relaxed).newValue
    guard total <= allowance else {
      spent.subtract(amount, ordering: .relaxed)
      throw excess(total)
    }
  }

  private func excess(_ found: Int) -> FormatError {
    .beyond(what: "bytes of structures and names, read in all", limit: allowance, found: found)
  }
}

/// The places one walk has been to: a structure that is reached twice leads in a circle.
struct Visits {
  private var places: Set<Int> = []

  mutating func enter(_ address: Int, _ what: StaticString) throws(FormatError) {
    guard places.insert(address).inserted else {
      throw .damaged("the \(what) at byte \(address.grouped) is reached twice")
    }
  }
}
