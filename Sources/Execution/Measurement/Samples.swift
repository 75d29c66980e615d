/// Times of the same work done again and again, in seconds.
package struct Samples: Sendable {
  /// Shortest first; never empty.
  package let sorted: [Double]

  /// - Precondition: there is at least one time.
  package init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "Samples: no times")
    sorted = seconds.sorted()
  }

  /// Times `work` at least `rounds` times and for at least `seconds` in all, after one round that does not
  /// count.
  package init(
    rounds: Int = 5, seconds: Double = 1, _ work: () throws -> Void
  ) rethrows {
    try work()
    var times: [Double] = []
    var total = 0.0
    while times.count < max(1, rounds) || total < seconds {
      let time = try Self.seconds(of: work)
      times.append(time)
      total += time
    }
    self.init(times)
  }

  package var median: Double { quantile(0.5) }
  package var shortest: Double { sorted[0] }

  /// The distance between the quartiles, relative to the median: how quiet the machine was.
  package var spread: Double { (quantile(0.75) - quantile(0.25)) / median }

  /// The time that a share of all rounds stayed below; between two times, in proportion.
  package func quantile(_ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let index = min(Int(place), sorted.count - 1)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
  }

  /// How long `work` takes.
  package static func seconds(of work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work).components
    return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
  }
}
