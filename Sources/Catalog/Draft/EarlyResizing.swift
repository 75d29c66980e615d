/// Kerases that enlarge an image with interpolation `bilinear` to other pixels than Keras 3 and later `tf.keras` do.
///
/// Keras of several backends, up to 2.3, measures places from the pixels' corners; `tf.keras` does since some version that calls itself
/// `2.2.4-tf` measure them from their centres, and so does everything after it.
enum EarlyResizing {
  /// What is wrong with such a layer of a model that `version` of Keras wrote, in a sentence; nil where nothing is.
  static func problem(version: String?) -> String? {
    guard let version else { return nil }
    let numbers = version.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map { Int($0) ?? 0 }
    guard numbers.count > 1, numbers[0] == 2 else { return nil }
    let isOfTensorFlow = version.hasSuffix("-tf")
    guard numbers[1] < (isOfTensorFlow ? 3 : 4) else { return nil }
    let expected =
      "interpolation is \"bilinear\"; expected one that measures from the centres of pixels, as Keras 3 and tf.keras since TensorFlow 2.2 do, "
    return isOfTensorFlow
      ? expected
        + "found that of Keras \(version), of which some releases measure from their corners; if TensorFlow 2.0 or 2.1 wrote it, save it "
        + "again with a later one"
      : expected
        + "found that of Keras \(version), which measures from their corners and gives other values; train it again with a later Keras, or "
        + "with interpolation \"nearest\""
  }
}
