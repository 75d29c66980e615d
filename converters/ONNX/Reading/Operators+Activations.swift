import Catalog
import Tensors

extension GraphTranslation {
  /// A layer that applies an activation to maps, wherever their axes are.
  mutating func activated(_ activation: Activation, _ input: Maps, _ node: ONNXNode) throws -> Maps {
    var maps = input
    maps.layer = try append(ActivationLayer(activation), [input.layer], for: node)
    return maps
  }

  mutating func activation(_ activation: Activation, _ call: OperatorCall) throws -> [GraphValue] {
    [.maps(try activated(activation, maps(call.input(0)), call.node))]
  }

  mutating func selu(_ call: OperatorCall) throws -> [GraphValue] {
    let alpha = try call.number("alpha", 1.67326319217681884765625)
    let gamma = try call.number("gamma", 1.05070102214813232421875)
    guard abs(alpha - 1.6732632) < 1e-4, abs(gamma - 1.0507010) < 1e-4 else {
      throw Refusal("its alpha and gamma are \(alpha) and \(gamma); expected 1.6733 and 1.0507")
    }
    return try activation(.selu, call)
  }

  mutating func hardSigmoid(_ call: OperatorCall) throws -> [GraphValue] {
    let slope = try call.number("alpha", 0.2)
    let middle = try call.number("beta", 0.5)
    if middle == 0.5 {
      // A sixth as floats have it is Keras's own.
      return try activation(.hardSigmoid(slope: abs(slope - 1.0 / 6) < 1e-6 ? 1.0 / 6 : slope), call)
    }
    let input = try maps(call.input(0))
    let line = try rescaled(input, scale: [slope], offset: [middle], call.node)
    return [.maps(try activated(.relu(maxValue: 1), line, call.node))]
  }

  mutating func gelu(_ call: OperatorCall) throws -> [GraphValue] {
    let form = try call.text("approximate", "none")
    guard form == "none" || form == "tanh" else { throw Refusal("its approximate is '\(form.prefix(20))'") }
    return try activation(.gelu(approximate: form == "tanh"), call)
  }

  mutating func swish(_ call: OperatorCall) throws -> [GraphValue] {
    guard try call.number("alpha", 1) == 1 else { throw Refusal("its alpha is not 1") }
    return try activation(.silu, call)
  }

  /// Over the axis of the channels; ahead of version 13 over all from the axis on.
  mutating func softmax(_ call: OperatorCall) throws -> [GraphValue] {
    var input = try plain(maps(call.input(0)))
    let (own, isOld) = (input.axes, call.version < 13)
    let given = try call.integer("axis", isOld ? 1 : -1)
    let place = given < 0 ? given + input.axes.count : given - 1
    guard input.axes.indices.contains(place) else { throw Refusal("its axis is \(given)") }
    let others = input.axes.indices.filter { isOld ? $0 > place : false }
    let extents = shape(of: input)
    guard others.allSatisfy({ extents[input.axes[$0]] == 1 }) else {
      throw Refusal("it is over several axes together")
    }
    if input.axes[place] != input.axes.count - 1 {
      // The axis that is meant last, the others in their order.
      var axes = Array(input.axes.indices)
      axes[place] = input.axes.count - 1
      for other in axes.indices where other > place { axes[other] = other - 1 }
      input = try turned(input, to: axes, call.node)
    }
    return [.maps(try turned(activated(.softmax, input, call.node), to: own, call.node))]
  }

  /// A single number at an input or under an attribute; nil where it is left out, or no limit.
  private mutating func bound(_ call: OperatorCall, _ index: Int, _ name: String) throws -> Double? {
    let number: Double
    if let value = call.input(index) {
      guard let found = try single(value) else { throw Refusal("its \(name) is no number of the file") }
      number = found
    } else if call.node.attributes[name] != nil {
      number = try call.number(name, 0)
    } else {
      return nil
    }
    return abs(number) > 3e38 ? nil : number
  }

  mutating func clip(_ call: OperatorCall) throws -> [GraphValue] {
    let least = try bound(call, 1, "min")
    let most = try bound(call, 2, "max")
    return [.maps(try clipped(maps(call.input(0)), least, most, call.node))]
  }

  /// Maps between two numbers, by way of `max(x, 0)`.
  mutating func clipped(_ input: Maps, _ least: Double?, _ most: Double?, _ node: ONNXNode) throws -> Maps {
    switch (least, most) {
    case (nil, nil): return input
    case (0?, nil): return try activated(.relu, input, node)
    case (0?, let most?) where most > 0: return try activated(.relu(maxValue: most), input, node)
    case (nil, let most?) where layers[input.layer].isNeverNegative && most > 0:
      return try activated(.relu(maxValue: most), input, node)
    case (let least?, nil):
      let distance = try rescaled(input, scale: [1], offset: [-least], node)
      return try rescaled(activated(.relu, distance, node), scale: [1], offset: [least], node)
    case (let least?, let most?) where most > least:
      let distance = try rescaled(input, scale: [1], offset: [-least], node)
      let limited = try activated(.relu(maxValue: most - least), distance, node)
      return try rescaled(limited, scale: [1], offset: [least], node)
    case (nil, let most?):
      let distance = try rescaled(input, scale: [-1], offset: [most], node)
      return try rescaled(activated(.relu, distance, node), scale: [-1], offset: [most], node)
    case (.some, .some): throw Refusal("its limits are \(least ?? 0) and \(most ?? 0)")
    }
  }

  mutating func limit(isUpper: Bool, _ call: OperatorCall) throws -> [GraphValue] {
    if call.inputs.count == 2 {
      for (place, other) in [(0, 1), (1, 0)] {
        guard let value = call.input(other), let number = try single(value) else { continue }
        let maps = try maps(call.input(place))
        return [.maps(try clipped(maps, isUpper ? nil : number, isUpper ? number : nil, call.node))]
      }
    }
    let layer: any LayerOperation = isUpper ? Minimum() : Maximum()
    return try merge(layer, call)
  }

  /// The error function of what a normal distribution's is computed from.
  mutating func errorFunction(_ call: OperatorCall) throws -> [GraphValue] {
    let scaled = try maps(call.input(0))
    guard let rescaling = layers[scaled.layer].operation as? Rescaling, rescaling.offset == [0],
      rescaling.scale.count == 1, abs(rescaling.scale[0] - 0.5.squareRoot()) < 1e-5
    else { throw Refusal("it is no part of a GELU, the error function of x / sqrt(2)") }
    var input = scaled
    input.layer = layers[scaled.layer].inputs[0]
    return [.part(.errorFunction(input))]
  }

  mutating func power(_ call: OperatorCall) throws -> [GraphValue] {
    guard let value = call.input(1), let exponent = try single(value) else {
      throw Refusal("its exponent is no number of the file")
    }
    if exponent == 2, case .part(.centred(let maps))? = call.input(0) { return [.part(.squared(maps))] }
    let input = try maps(call.input(0))
    switch exponent {
    case 1: return [.maps(input)]
    case 2, 3:
      let inputs = [Int](repeating: input.layer, count: Int(exponent))
      var result = input
      result.layer = try append(Multiply(), inputs, for: call.node)
      return [.maps(result)]
    default: throw Refusal("its exponent is \(exponent); expected 2 or 3")
    }
  }

  mutating func root(_ call: OperatorCall) throws -> [GraphValue] {
    guard case .part(.stabilised(let maps, let epsilon))? = call.input(0) else {
      throw Refusal("it is no part of a layer normalisation")
    }
    return [.part(.deviation(maps, epsilon))]
  }
}
