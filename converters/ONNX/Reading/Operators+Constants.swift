import Catalog
import Tensors

extension GraphTranslation {
  /// A value as extents: whole numbers of the file, or what was computed of such.
  mutating func extents(_ value: GraphValue) throws -> [GraphExtent] {
    switch value {
    case .extents(let extents, _): return extents
    case .numbers(let numbers) where numbers.extents.count <= 1 && numbers.count <= 1024:
      return try self.numbers.values(of: numbers.tensor).map { number in
        guard let whole = Int(exactly: number.rounded(.towardZero)) else {
          // The largest of 64 bits stands for the end.
          return .number(number > 0 ? Int.max : Int.min)
        }
        return .number(whole)
      }
    default: throw Refusal("it is told extents by what depends on images")
    }
  }

  /// A value as whole numbers that are known.
  mutating func wholeNumbers(_ value: GraphValue) throws -> [Int] {
    try extents(value).map { extent in
      guard case .number(let number) = extent else {
        throw Refusal("it is told extents that depend on images")
      }
      return number
    }
  }

  mutating func constant(_ call: OperatorCall) throws -> GraphValue {
    guard call.node.attributes.count == 1, let (name, attribute) = call.node.attributes.first else {
      throw Refusal("it has \(call.node.attributes.count) values")
    }
    switch attribute {
    case .tensor(var tensor):
      _ = try numbers.check(tensor)
      if tensor.name.isEmpty { tensor.name = call.node.outputs.first ?? "" }
      if [6, 7].contains(tensor.elementType), tensor.dimensions.count <= 1, tensor.elementCount ?? 0 <= 1024 {
        let list = try extents(.numbers(StridedNumbers(tensor)))
        return .extents(list, isList: tensor.dimensions.count == 1)
      }
      return .numbers(StridedNumbers(tensor))
    case .integer(let number): return .extents([.number(number)], isList: false)
    case .integers(let list) where list.count <= 1024:
      return .extents(list.map(GraphExtent.number), isList: true)
    case .number(let number) where number.isFinite: return .number(Double(number).asWritten)
    default: throw Refusal("its \(name.prefix(40)) is not read")
    }
  }

  mutating func constantOfShape(_ call: OperatorCall) throws -> GraphValue {
    guard let shape = call.input(0), case let extents = try wholeNumbers(shape), extents.count <= 1,
      case let count = extents.first ?? 1, 0...1024 ~= count
    else { throw Refusal("it makes an array of numbers") }
    var number = 0.0
    if case .tensor(let tensor)? = call.node.attributes["value"] {
      number = try numbers.values(of: tensor).first ?? 0
    }
    guard let whole = Int(exactly: number) else { throw Refusal("its value is \(number)") }
    return .extents(Array(repeating: .number(whole), count: count), isList: extents.count == 1)
  }

  mutating func shape(_ call: OperatorCall) throws -> GraphValue {
    let value = try same(call)
    let all: [GraphExtent]
    switch value {
    case .numbers(let numbers): all = numbers.extents.map(GraphExtent.number)
    case .extents(let list, true): all = [.number(list.count)]
    case .extents: all = []
    case .pixels(let pixels) where !pixels.isSingle:
      var own = layers[0].shape.dimensions
      own[2] = pixels.channels.count
      all = [.batch] + pixels.axes.map { own[$0].map(GraphExtent.number) ?? .open }
    default: all = extents(of: try maps(value))
    }
    let start = try call.integer("start", 0)
    let end = try call.integer("end", all.count)
    let first = max(
      0, min(all.count, start < 0 ? start.addingReportingOverflow(all.count).partialValue : start))
    let last = max(first, min(all.count, end < 0 ? end.addingReportingOverflow(all.count).partialValue : end))
    return .extents(Array(all[first..<last]), isList: true)
  }

  /// Numbers that were made a list and are taken out of it in their order, as PyTorch writes views of one image.
  private mutating func viewed(_ maps: Maps, by places: GraphValue) throws -> Maps {
    guard case .numbers(let indices) = places, indices.count <= 1 << 16, indices.isInOrder,
      [.number(1)] + extents(of: maps).dropFirst() == indices.extents.map(GraphExtent.number),
      try numbers.values(of: indices.tensor) == (0..<indices.count).map(Double.init)
    else { throw Refusal("it takes numbers out of a list in another order") }
    return maps
  }

  /// Some of extents, by their place; or channels of the image.
  mutating func gather(_ call: OperatorCall) throws -> GraphValue {
    guard let value = call.input(0), let places = call.input(1) else { throw Refusal("it reads nothing") }
    let axis = try call.integer("axis", 0)
    if case .part(.elements(let maps)) = value { return .maps(try viewed(maps, by: places)) }
    let isScalar: Bool
    switch places {
    case .extents(_, let isList): isScalar = !isList
    case .numbers(let numbers): isScalar = numbers.extents.isEmpty
    default: isScalar = false
    }
    let indices = try wholeNumbers(places)
    func place(_ index: Int, _ count: Int) throws -> Int {
      let place = index < 0 ? index.addingReportingOverflow(count).partialValue : index
      guard 0..<count ~= place else { throw Refusal("it takes number \(index) of \(count)") }
      return place
    }
    switch value {
    case .extents(let list, _):
      let found = try indices.map { list[try place($0, list.count)] }
      return .extents(found, isList: !isScalar)
    case .numbers(let numbers)
    where numbers.extents.count == 1 && [6, 7].contains(numbers.tensor.elementType):
      let list = try extents(value)
      return .extents(try indices.map { list[try place($0, list.count)] }, isList: !isScalar)
    case .pixels(var pixels) where !pixels.isSingle && indices.count <= 4 && !indices.isEmpty:
      let own = axis < 0 ? axis + pixels.axes.count : axis - 1
      guard pixels.axes.indices.contains(own), pixels.axes[own] == 2, !isScalar || own == 0 else {
        throw Refusal("it takes pixels out of the image")
      }
      let found = try indices.map { try place($0, pixels.channels.count) }
      pixels.channels = found.map { pixels.channels[$0] }
      for index in pixels.steps.indices {
        pixels.steps[index].numbers = found.map { pixels.steps[index].numbers[$0] }
      }
      pixels.isSingle = isScalar
      return .pixels(pixels)
    default: throw Refusal("it takes numbers out of maps")
    }
  }
}
