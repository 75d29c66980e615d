import Encoding

extension Unpickler {
  /// Carries out one instruction.
  mutating func run(_ code: PickleCode) throws(TorchWeightsError) {
    switch code {
    case .proto:
      let version = try number(1)
      guard (2...5).contains(version) else {
        throw damaged("a pickle of protocol \(version), expected 2 to 5")
      }
    case .frame: _ = try number(8)
    case .stop: break
    case .mark: mark()
    case .pop: _ = try pop()
    case .popMark: _ = try popMarked()
    case .dup: push(try top())
    case .none, .newTrue, .newFalse, .binInt, .binInt1, .binInt2, .long1, .long4, .binFloat:
      try runNumber(code)
    case .binUnicode, .shortBinUnicode, .binUnicode8, .binString, .shortBinString, .binBytes, .shortBinBytes,
      .binBytes8, .byteArray8:
      try runText(code)
    case .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3, .emptyList, .list, .append, .appends:
      try runSequence(code)
    case .emptyDictionary, .dictionary, .setItem, .setItems, .emptySet, .addItems, .frozenSet:
      try runDictionary(code)
    case .binGet: try recall(number(1))
    case .longBinGet: try recall(number(4))
    case .binPut: try remember(number(1))
    case .longBinPut: try remember(number(4))
    case .memoize: try remember(nil)
    case .global: try pushName(module: line(), name: line())
    case .stackGlobal:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw damaged("the pickle asks for something whose name is no text")
      }
      try pushName(module: module, name: name)
    case .reduce, .newObject: try reduce()
    case .newObjectEx: throw damaged("the pickle makes an object with named arguments, as no weights need it")
    case .build: try build()
    case .binPersistent: try pushStorage()
    }
  }

  private mutating func runNumber(_ code: PickleCode) throws(TorchWeightsError) {
    switch code {
    case .newTrue: push(.bool(true))
    case .newFalse: push(.bool(false))
    case .binInt: push(.int(Int(Int32(truncatingIfNeeded: try number(4)))))
    case .binInt1: push(.int(try number(1)))
    case .binInt2: push(.int(try number(2)))
    case .long1: push(Self.long(try bytes(number(1))))
    case .long4: push(Self.long(try bytes(number(4))))
    case .binFloat:
      let bits = try bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      push(.float(Double(bitPattern: bits)))
    default: push(PickleValue.none)
    }
  }

  /// A number in two's complement, the lowest byte first; one of more bytes than ours is not looked at.
  private static func long(_ bytes: ArraySlice<UInt8>) -> PickleValue {
    guard bytes.count <= 8 else { return .unread }
    guard let last = bytes.last else { return .int(0) }
    let sign: UInt64 = last & 0x80 == 0 || bytes.count == 8 ? 0 : .max << UInt64(8 * bytes.count)
    return .int(Int(truncatingIfNeeded: UInt64(littleEndian: bytes) | sign))
  }

  private mutating func runText(_ code: PickleCode) throws(TorchWeightsError) {
    let count =
      switch code {
      case .shortBinUnicode, .shortBinString, .shortBinBytes: try number(1)
      case .binUnicode, .binString, .binBytes: try number(4)
      default: try number(8)
      }
    let content = try bytes(count)
    switch code {
    case .binBytes, .shortBinBytes, .binBytes8, .byteArray8: push(.unread)
    default: push(.text(String(decoding: content, as: UTF8.self)))
    }
  }

  private mutating func runSequence(_ code: PickleCode) throws(TorchWeightsError) {
    switch code {
    case .tuple: try keep(.tuple(popMarked()))
    case .tuple1: try keep(.tuple(pop(1)))
    case .tuple2: try keep(.tuple(pop(2)))
    case .tuple3: try keep(.tuple(pop(3)))
    case .emptyList: try keep(.list([]))
    case .list: try keep(.list(popMarked()))
    case .append: try append(pop(1))
    case .appends: try append(popMarked())
    default: try keep(.tuple([]))
    }
  }

  private mutating func append(_ values: [PickleValue]) throws(TorchWeightsError) {
    guard case .object(let number) = try top(), case .list(var members) = heap[number] else {
      throw damaged("the pickle appends to what is no list")
    }
    // Its storage is taken out first, so that nothing is copied.
    heap[number] = .unread
    members += values
    heap[number] = .list(members)
  }

  private mutating func runDictionary(_ code: PickleCode) throws(TorchWeightsError) {
    switch code {
    case .emptyDictionary: try keep(.dictionary([]))
    case .dictionary:
      let values = try popMarked()
      try keep(.dictionary([]))
      try set(values)
    case .setItem: try set(pop(2))
    case .setItems: try set(popMarked())
    case .addItems: _ = try popMarked()
    case .frozenSet:
      _ = try popMarked()
      try keep(.unread)
    default: try keep(.unread)
    }
  }

  private mutating func set(_ values: [PickleValue]) throws(TorchWeightsError) {
    guard values.count.isMultiple(of: 2), case .object(let number) = try top(),
      case .dictionary(var pairs) = heap[number]
    else { throw damaged("the pickle sets members of what is no dictionary") }
    heap[number] = .unread
    for index in stride(from: 0, to: values.count, by: 2) { pairs.append((values[index], values[index + 1])) }
    heap[number] = .dictionary(pairs)
  }

  private mutating func pushName(module: String, name: String) throws(TorchWeightsError) {
    guard let known = TorchName(module: module, name: name) else {
      if let kind = TorchName.unsupported(module: module, name: name) {
        throw unsupported(kind.what, kind.advice)
      }
      guard passesOverNames else { throw foreign("\(module).\(name)") }
      return try keep(.name(.unread))
    }
    try keep(.name(known))
  }
}
