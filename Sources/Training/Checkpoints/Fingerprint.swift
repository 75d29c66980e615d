import Tensors

/// A number that tells one set of samples from another: FNV-1a over 64 bits, of shapes, elements and labels.
/// It finds mistakes, not forgeries.
struct Fingerprint {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  private init() {}

  /// Sixteen hexadecimal digits.
  static func of(_ samples: SourcedSamples) throws(TrainingError) -> String {
    var fingerprint = Fingerprint()
    try fingerprint.add(samples.features)
    switch samples.labels {
    case .classes(let classes): for label in classes { fingerprint.add(UInt64(bitPattern: Int64(label))) }
    case .targets(let targets): try fingerprint.add(targets)
    }
    for weight in samples.weights ?? [] { fingerprint.add(UInt64(weight.bitPattern)) }
    let digits = String(fingerprint.hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func add(_ rows: any SampleRows) throws(TrainingError) {
    for extent in rows.shape.dimensions { add(UInt64(extent)) }
    var sum = self
    try rows.forEachPiece(upTo: rows.shape[0]) { piece throws(TrainingError) in
      for index in piece.indices { sum.add(UInt64(piece[index].bitPattern)) }
    }
    self = sum
  }

  private mutating func add(_ word: UInt64) { hash = (hash ^ word) &* 0x0000_0100_0000_01B3 }
}
