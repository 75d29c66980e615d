import Training

/// How a head was fitted to convergence, as its archive keeps it.
struct LinearFitRecord: Hashable, Sendable, Codable {
  let iterations: Int
  let strength: Double

  init(_ fit: FittedHead) { (iterations, strength) = (fit.iterations, fit.strength) }
}
