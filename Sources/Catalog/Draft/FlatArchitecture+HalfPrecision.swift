import Encoding

extension FlatArchitecture {
  /// That Keras computes some layers with half precision, in a sentence; nil where it does not.
  var halfPrecisionNote: String? {
    var counts: [String: Int] = [:]
    for layer in layers { if let type = layer.halfPrecision { counts[type, default: 0] += 1 } }
    guard !counts.isEmpty else { return nil }
    let types = counts.keys.sorted().joined(separator: " and ")
    let total = counts.values.reduce(0, +)
    return
      "Keras computes \(counted(total, "layer")) of it in \(types): here all are computed in float32 with the same "
      + "weights, so that results differ by the rounding of \(types)"
  }
}

extension FlatArchitecture.Layer {
  /// The type of half precision that it computes in, as its type policy or a cast says: `float16`, `bfloat16`.
  fileprivate var halfPrecision: String? {
    let policy = config["dtype"]?.text ?? config["dtype"]?["config"]?["name"]?.text
    let cast: String? =
      if case .constant(let value)? = keywords["dtype"] { value.text } else { nil }
    let types = [policy, cast].compactMap { $0.map { String($0.trimmingPrefix("mixed_")) } }
    return types.first { $0 == "float16" || $0 == "bfloat16" }
  }
}
