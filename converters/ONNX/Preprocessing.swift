import Catalog
import Tensors

extension GraphBuilder {
  /// Appends what makes a network's input of pixels from 0 to 255, `[N, C, H, W]` in the order red, green, blue: the same
  /// operations in the same order as where images are read.
  mutating func preprocess(_ pixels: Value, by preprocessing: Preprocessing) -> Value {
    let place = "preprocessing"
    var name = pixels.name
    if preprocessing.channelOrder == .bgr, pixels.channels > 1 {
      let order = integers((0..<pixels.channels).reversed(), "\(place)/channels")
      name = append("Gather", [name, order], at: place, [.init("axis", .integer(1))])
    }
    func numbers(_ numbers: [Float], _ part: String) -> String {
      constant(numbers.map(Double.init), [numbers.count, 1, 1], "\(place)/\(part)")
    }
    if preprocessing.divisor != 1 {
      let divisor = constant([Double(preprocessing.divisor)], [], "\(place)/divisor")
      name = append("Div", [name, divisor], at: place)
    }
    if preprocessing.mean.contains(where: { $0 != 0 }) {
      name = append("Sub", [name, numbers(preprocessing.mean, "mean")], at: place)
    }
    if preprocessing.deviation.contains(where: { $0 != 1 }) {
      name = append("Div", [name, numbers(preprocessing.deviation, "deviation")], at: place)
    }
    name = normalize(name, by: preprocessing.sample, at: place)
    return Value(name: name, shape: pixels.shape, order: .channelsFirst)
  }

  /// Appends the normalisation of an image by its own statistics, over all of its values.
  private mutating func normalize(
    _ x: String, by statistics: Preprocessing.SampleStatistics, at place: String
  ) -> String {
    if statistics == .none { return x }
    let centered = append("Sub", [x, mean(of: x, at: place)], at: place)
    guard statistics == .standardized else { return centered }
    let square = append("Mul", [centered, centered], at: place)
    let deviation = append("Sqrt", [mean(of: square, at: place)], at: place)
    let least = constant([1e-6], [], "\(place)/least")
    return append("Div", [centered, append("Add", [deviation, least], at: place)], at: place)
  }

  private mutating func mean(of x: String, at place: String) -> String {
    append(
      "ReduceMean", [x], at: place,
      [.init("axes", .integers([1, 2, 3])), .init("keepdims", .integer(1))])
  }
}
