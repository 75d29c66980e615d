import ModelZoo
import Reports

extension ValueKind where Value == LinearFit.Strength {
  /// A number above 0, or `auto`.
  static var strength: Self {
    Self(
      expectation: "a number above 0, or auto",
      parse: { text in
        if text == "auto" { return .crossValidated() }
        return Double(decimal: text).flatMap { $0 > 0 ? .fixed($0) : nil }
      },
      show: { strength in
        switch strength {
        case .fixed(let value): "\(value)"
        case .crossValidated: "auto"
        }
      })
  }
}

extension Console {
  /// Says how a linear fit ended, and what the head measures.
  func show(_ fit: FittedHead, _ history: History, _ say: (String) -> Void) {
    for candidate in fit.candidates {
      let measured = [candidate.loss, candidate.accuracy].map(EpochPrinter.format)
      say("C \(candidate.strength) - cross-validation loss: \(measured[0]) - accuracy: \(measured[1])")
    }
    let measured = history.epochs.first.map(\.entries) ?? []
    let logs = measured.map { " - \($0.name): \(EpochPrinter.format($0.value))" }.joined()
    say("L-BFGS, C \(fit.strength), \(counted(fit.iterations, "iteration"))\(logs)")
    if !fit.hasConverged {
      warn("the fit stopped before it converged, at a gradient of \(fit.largestSlope); lower --strength")
    }
  }
}
