import Catalog
import Tensors

extension GraphTranslation {
  mutating func same(_ call: OperatorCall) throws -> GraphValue {
    guard let value = call.input(0) else { throw Refusal("it reads nothing") }
    return value
  }

  mutating func dropout(_ call: OperatorCall) throws -> GraphValue {
    if let value = call.input(2), try single(value) ?? 1 != 0 {
      throw Refusal("it drops numbers, as in training")
    }
    return try same(call)
  }

  /// To another type of floats, which are computed as single ones here; extents to one of whole numbers.
  mutating func cast(_ call: OperatorCall) throws -> GraphValue {
    let value = try same(call)
    let type = try call.integer("to", 0)
    switch value {
    case .extents where [1, 6, 7, 10, 11].contains(type), .nothing, .part: return value
    case .numbers(let numbers)
    where [1, 10, 11, 16].contains(type) && [1, 10, 11, 16].contains(numbers.tensor.elementType):
      return value
    case .numbers(let numbers) where [6, 7].contains(type) && [6, 7].contains(numbers.tensor.elementType):
      return value
    case .maps where [1, 10, 11, 16].contains(type), .pixels where [1, 10, 11, 16].contains(type):
      return value
    default: throw Refusal("it casts to the type \(type)")
    }
  }

  mutating func transpose(_ call: OperatorCall) throws -> GraphValue {
    let value = try same(call)
    let order = try call.integers("perm")
    func permutation(_ rank: Int) throws -> [Int] {
      let order = order ?? Array((0..<rank).reversed())
      guard order.sorted() == Array(0..<rank) else {
        throw Refusal("its perm is \(order.prefix(8)) of \(rank) axes")
      }
      return order
    }
    switch value {
    case .numbers(let numbers): return .numbers(numbers.permuted(try permutation(numbers.extents.count)))
    case .pixels(var pixels) where !pixels.isSingle:
      pixels.axes = try moved(pixels.axes, permutation(4))
      return .pixels(pixels)
    case .part(.groups(let maps, let count, let isExchanged)):
      guard try permutation(5) == [0, 2, 1, 3, 4] else {
        throw Refusal("it exchanges other axes than those of channels in groups")
      }
      return .part(.groups(maps, count: count, isExchanged: !isExchanged))
    default:
      var maps = try maps(value)
      let order = try permutation(maps.axes.count + 1)
      if maps.isRow, order == [0, 1] { return .maps(maps) }
      maps.axes = try moved(maps.axes, order)
      return .maps(maps)
    }
  }

  private func moved(_ axes: [Int], _ order: [Int]) throws -> [Int] {
    guard order.first == 0 else { throw Refusal("it moves the axis of the batch") }
    return order.dropFirst().map { axes[$0 - 1] }
  }

  mutating func flatten(_ call: OperatorCall) throws -> Maps {
    let input = try maps(call.input(0))
    let axis = try call.integer("axis", 1)
    guard axis == 1 || axis == -input.axes.count else { throw Refusal("its axis is \(axis); expected 1") }
    return try row(input, call.node)
  }

  /// All numbers of an image in a row, in the graph's order as ``Maps/flattened`` says.
  private mutating func row(_ input: Maps, _ node: ONNXNode) throws -> Maps {
    guard !input.isRow else { return input }
    let extents = shape(of: input)
    let isOne = extents.count == 3 && extents[0] == 1 && extents[1] == 1
    if isOne, layers[input.layer].operation is any GlobalPoolingOperation, isReadOnce(input.layer) {
      return try pooledRow(input)
    }
    var result = Maps(row: try append(Flatten(), [input.layer], for: node))
    if input.axes == Maps.channelsLast || isOne { return result }
    guard input.axes == Maps.channelsFirst else {
      let turned = try turned(input, to: Maps.channelsLast, node)
      return Maps(row: try append(Flatten(), [turned.layer], for: node))
    }
    let known = extents.compactMap(\.self)
    guard known.count == 3 else {
      throw Refusal("it makes a row of maps whose size the file leaves open; export it for one size")
    }
    if known[2] > 1 { result.flattened = known }
    return result
  }

  /// A pooling of all pixels that leaves a row at once.
  private mutating func pooledRow(_ input: Maps) throws -> Maps {
    let own = layers[input.layer]
    guard var pooling = own.operation as? any GlobalPoolingOperation else { return input }
    pooling.keepsDimensions = false
    let shape = try pooling.outputShape(of: own.inputs.map { layers[$0].shape })
    change(input.layer) {
      $0.operation = pooling
      $0.shape = shape
    }
    return Maps(row: input.layer)
  }

  mutating func reshape(_ call: OperatorCall) throws -> GraphValue {
    let value = try same(call)
    guard let shape = call.input(1) else { throw Refusal("its shape is missing") }
    let wanted = try extents(shape)
    if case .numbers(let numbers) = value {
      let known = wanted.compactMap { if case .number(let number) = $0 { number } else { nil } }
      guard known.count == wanted.count, let own = Self.resolved(known, of: numbers.extents),
        let reshaped = numbers.reshaped(own)
      else { throw Refusal("it makes another shape of numbers of the file") }
      return .numbers(reshaped)
    }
    if case .extents(let list, _) = value { return .extents(list, isList: !wanted.isEmpty) }
    if case .part(.groups(let maps, let count, let isExchanged)) = value {
      return .maps(try shuffled(maps, count, isExchanged, call.node))
    }
    let input = try maps(value)
    if wanted == [.number(-1)], batch == 1, !input.isRow { return .part(.elements(input)) }
    let rest = try withoutBatch(wanted, of: input)
    return try reshaped(input, to: rest, call.node)
  }

  /// Extents with a copy for each 0 and what is left for one -1.
  private static func resolved(_ wanted: [Int], of extents: [Int]) -> [Int]? {
    var own = wanted.enumerated().map { $1 == 0 && extents.indices.contains($0) ? extents[$0] : $1 }
    guard let open = own.firstIndex(of: -1) else { return own }
    let all = extents.reduce(1, *)
    guard let rest = TensorShape(validating: own.filter { $0 != -1 })?.elementCount, rest > 0,
      all.isMultiple(of: rest)
    else { return nil }
    own[open] = all / rest
    return own
  }

  /// The extents behind the batch's, of which one may be open (-1).
  private func withoutBatch(_ wanted: [GraphExtent], of input: Maps) throws -> [Int] {
    let own = extents(of: input)
    guard let first = wanted.first else { throw Refusal("it makes a single number") }
    switch first {
    case .batch, .number(0), .number(-1): break
    case .number(let count) where count == batch: break
    case .number, .open: throw Refusal("it mixes images: its shape is \(wanted.map(\.words))")
    }
    let rest = try wanted.enumerated().dropFirst().map { place, extent in
      switch extent {
      case .number(0):
        guard own.indices.contains(place), case .number(let count) = own[place] else {
          throw Refusal("its shape has a 0 for what is not known")
        }
        return count
      case .number(let count) where count > 0 || count == -1: return count
      case .open: return -2
      case .number, .batch: throw Refusal("its shape is \(wanted.map(\.words))")
      }
    }
    let isFirstOpen = first == .number(-1)
    let all = shape(of: input).compactMap(\.self)
    let isKnown = all.count == input.axes.count
    guard isFirstOpen || rest.contains(where: { $0 < 0 }) || isKnown else {
      throw Refusal("its shape is for images of one size, which the file leaves open")
    }
    if isFirstOpen, !rest.contains(where: { $0 < 0 }), isKnown {
      guard TensorShape(validating: rest)?.elementCount == all.reduce(1, *) else {
        throw Refusal("it mixes images: its shape is \(wanted.map(\.words))")
      }
    }
    return rest
  }

  private mutating func reshaped(_ input: Maps, to wanted: [Int], _ node: ONNXNode) throws -> GraphValue {
    if wanted.count == 1 { return .maps(try row(input, node)) }
    let own = shape(of: input)
    let seen = input.axes.map { own[$0] }
    if wanted.count == seen.count, zip(wanted, seen).allSatisfy({ $0 == $1 || $0 < 0 }),
      wanted.count(where: { $0 < 0 }) <= 1 || wanted.allSatisfy({ $0 == -2 || $0 > 0 })
    {
      return .maps(input)
    }
    if wanted.count == 4, input.axes == Maps.channelsFirst, let channels = own[2], wanted[0] > 0,
      wanted[1] > 0,
      wanted[0].multipliedReportingOverflow(by: wanted[1]).partialValue == channels,
      wanted[2] == own[0] ?? -2,
      wanted[3] == own[1] ?? -2
    {
      return .part(.groups(input, count: wanted[0], isExchanged: false))
    }
    guard wanted.count == 3, !wanted.contains(-2) else {
      throw Refusal("it makes \(wanted.count + 1) axes of \(input.axes.count + 1)")
    }
    let plain = try plain(input)
    let known = own.compactMap(\.self)
    guard known.count == own.count, let extents = Self.resolved(wanted, of: known),
      extents.allSatisfy({ 1...1 << 20 ~= $0 })
    else {
      throw Refusal("it makes another shape of maps whose size the file leaves open")
    }
    // One pixel of channels, wherever they are.
    let axes = extents[1] == 1 && extents[2] == 1 ? Maps.channelsFirst : Maps.channelsLast
    let isOne = extents[1] == 1 && (extents[2] == 1 || extents[0] == 1)
    let source =
      plain.isRow || isOne && known.dropLast().allSatisfy { $0 == 1 }
      ? plain : try turned(plain, to: Maps.channelsLast, node)
    let shape = axes == Maps.channelsFirst ? [1, 1, extents[0]] : extents
    return .maps(Maps(try append(Reshape { $0.shape = shape }, [source.layer], for: node), axes: axes))
  }

  /// Channels of groups in turn: the first of each, then the second of each.
  private mutating func shuffled(_ maps: Maps, _ count: Int, _ isExchanged: Bool, _ node: ONNXNode) throws
    -> Maps
  {
    guard isExchanged else { return maps }
    let known = shape(of: maps).compactMap(\.self)
    guard known.count == 3 else {
      throw Refusal("it shuffles channels of maps whose size the file leaves open")
    }
    let groups = try append(
      Reshape { $0.shape = [known[0] * known[1], count, known[2] / count] }, [maps.layer], for: node)
    let turned = try append(Permute { $0.axes = [1, 3, 2] }, [groups], for: node)
    return Maps(try append(Reshape { $0.shape = known }, [turned], for: node), axes: maps.axes)
  }

  mutating func squeeze(_ call: OperatorCall) throws -> GraphValue {
    let value = try same(call)
    let given: [Int]? =
      if let axes = call.input(1) { try wholeNumbers(axes) } else { try call.integers("axes") }
    switch value {
    case .extents(let list, _):
      guard list.count == 1 else { throw Refusal("it makes one number of \(list.count)") }
      return .extents(list, isList: false)
    case .numbers(let numbers):
      let own =
        given.map { $0.map { $0 < 0 ? $0 + numbers.extents.count : $0 } }
        ?? numbers.extents.indices.filter { numbers.extents[$0] == 1 }
      let rest = numbers.extents.indices.filter { !own.contains($0) }.map { numbers.extents[$0] }
      guard let squeezed = numbers.reshaped(rest) else {
        throw Refusal("it takes away axes of more than one number")
      }
      return .numbers(squeezed)
    default: break
    }
    let input = try maps(value)
    if input.isRow { throw Refusal("it takes away the axis of a row") }
    let own = shape(of: input)
    let places =
      given.map { $0.map { $0 < 0 ? $0 + input.axes.count : $0 - 1 } }
      ?? input.axes.indices.filter { own[input.axes[$0]] == 1 }
    guard Set(places.compactMap { input.axes.indices.contains($0) ? input.axes[$0] : nil }) == [0, 1],
      own[0] == 1, own[1] == 1
    else {
      throw Refusal("it takes away other axes than rows and columns of one pixel")
    }
    return .maps(try row(input, call.node))
  }

  mutating func unsqueeze(_ call: OperatorCall) throws -> GraphValue {
    let value = try same(call)
    let given: [Int]? =
      if let axes = call.input(1) { try wholeNumbers(axes) } else { try call.integers("axes") }
    guard let given else { throw Refusal("it has no axes") }
    switch value {
    case .extents(let list, false): return .extents(list, isList: true)
    case .numbers(let numbers):
      let rank = numbers.extents.count + given.count
      let own = Set(given.map { $0 < 0 ? $0 + rank : $0 })
      var rest = numbers.extents[...]
      guard own.count == given.count, own.allSatisfy({ 0..<rank ~= $0 }), rank <= 8 else {
        throw Refusal("its axes are \(given.prefix(8))")
      }
      let extents = (0..<rank).map { own.contains($0) ? 1 : rest.removeFirst() }
      guard let unsqueezed = numbers.reshaped(extents) else { throw Refusal("it reads transposed numbers") }
      return .numbers(unsqueezed)
    case .pixels(var pixels) where pixels.isSingle:
      guard given == [1] || given == [-3] else { throw Refusal("its axes are \(given.prefix(8))") }
      pixels.isSingle = false
      return .pixels(pixels)
    default: break
    }
    let input = try plain(maps(value))
    guard input.isRow, let channels = shape(of: input)[0] else { throw Refusal("it adds axes to an image") }
    let axes: [Int]
    switch given.map({ $0 < 0 ? $0 + 4 : $0 }).sorted() {
    case [2, 3]: axes = Maps.channelsFirst
    case [1, 2]: axes = Maps.channelsLast
    default: throw Refusal("its axes are \(given.prefix(8)); expected those of rows and columns")
    }
    let layer = Reshape { $0.shape = [1, 1, channels] }
    return .maps(Maps(try append(layer, [input.layer], for: call.node), axes: axes))
  }
}

extension GraphExtent {
  fileprivate var words: String {
    switch self {
    case .number(let number): "\(number)"
    case .batch: "N"
    case .open: "?"
    }
  }
}
