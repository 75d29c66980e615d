extension FunctionCall {
  /// Of two layers, element by element, or of one and a constant: `scale * x + offset`, or one of the activations that limit.
  mutating func arithmetic(_ type: any LayerOperation.Type) throws(NoCounterpart) -> any LayerOperation {
    if inputCount > 1 {
      guard type != Rescaling.self else { throw NoCounterpart(words: " of two layers") }
      return type.init()
    }
    guard inputCount == 1, let constant else { throw NoCounterpart(words: " of these arguments") }
    _ = take("x1", "x", "x2", "y", "value", "bias", "argument 1", "argument 2")
    switch (name, constant.value.number) {
    // What no number lies beyond is no limit.
    case ("minimum", .some(.infinity)), ("maximum", .some(-.infinity)): return ActivationLayer(.linear)
    default: break
    }
    guard let numbers = Self.numbers(constant.value) else {
      throw NoCounterpart(words: " of \(constant.value.words)")
    }
    switch (name, constant.isFirst) {
    case ("add", _), ("bias_add", false): return Rescaling { $0.offset = numbers }
    case ("multiply", _): return Rescaling { $0.scale = numbers }
    case ("subtract", false): return Rescaling { $0.offset = numbers.map { -$0 } }
    case ("subtract", true): return Rescaling { ($0.scale, $0.offset) = ([-1], numbers) }
    case ("divide", false) where !numbers.contains(0): return Rescaling { $0.scale = numbers.map { 1 / $0 } }
    case ("maximum", _) where numbers == [0]: return ActivationLayer(.relu)
    // Of what is never below 0, this is no more than the upper end.
    case ("minimum", _) where readsNoNegatives && numbers.count == 1 && numbers[0] > 0:
      return ActivationLayer(.relu(maxValue: numbers[0]))
    default: throw NoCounterpart(words: " of \(constant.value.words)")
    }
  }

  /// Between 0 and a number above it, or none; without limits, nothing.
  mutating func clip() throws(NoCounterpart) -> ActivationLayer {
    let (least, most) = (take("x_min", "clip_value_min"), take("x_max", "clip_value_max"))
    if least?.number == -.infinity, most?.number == .infinity { return ActivationLayer(.linear) }
    guard least?.number == 0 else { throw NoCounterpart("x_min", least) }
    guard let limit = most?.number, limit > 0 else { throw NoCounterpart("x_max", most) }
    return ActivationLayer(limit.isFinite ? .relu(maxValue: limit) : .relu)
  }

  /// A number, or one a channel, however deep in lists.
  private static func numbers(_ value: JSONValue) -> [Double]? {
    if let number = value.number { return number.isFinite ? [number] : nil }
    if let inner = value["config"]?["value"] { return numbers(inner) }
    guard let list = value.list, !list.isEmpty else { return nil }
    if list.count == 1 { return numbers(list[0]) }
    let all = list.compactMap(\.number)
    return all.count == list.count && all.allSatisfy(\.isFinite) ? all : nil
  }
}
