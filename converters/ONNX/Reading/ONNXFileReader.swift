import Encoding
import Files

/// Reads what an ONNX file says; numbers stay where they are.
///
/// Every list is counted: a file of a few bytes makes no more of them than a large network has.
struct ONNXFileReader {
  private let window: ByteWindow
  private var file = ONNXFile()
  private var graph: Range<Int>?
  /// How many more nodes, names, settings and numbers of settings there may be.
  private var room: Int

  /// Names and settings of the largest networks are some hundred thousand.
  private static let mostItems = 600_000
  private static let longestText = 1 << 20
  private static let longestName = 4096

  static func read(_ bytes: FileBytes) throws(ONNXModelError) -> ONNXFile {
    var reader = ONNXFileReader(bytes)
    try reader.readModel(0..<bytes.byteCount)
    return reader.file
  }

  private init(_ bytes: FileBytes) {
    window = ByteWindow(bytes)
    room = min(Self.mostItems, bytes.byteCount)
  }

  private mutating func readModel(_ range: Range<Int>) throws(ONNXModelError) {
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      switch (field.number, field.content) {
      case (2, .bytes(let text)): file.producer = try name(text)
      case (3, .bytes(let text)): file.producerVersion = try name(text)
      case (7, .bytes(let message)):
        guard graph == nil else { throw damaged("it has two graphs") }
        graph = message
      case (8, .bytes(let message)): try readOperatorSet(message)
      case (14, .bytes(let message)): try readMetadata(message)
      case (20, .bytes): note("training information")
      case (25, .bytes): note("functions of its own")
      default: break
      }
    }
    guard let graph else { throw damaged("it has no graph") }
    try readGraph(graph)
  }

  private mutating func note(_ oddity: String) {
    if !file.oddities.contains(oddity) { file.oddities.append(oddity) }
  }

  private mutating func readOperatorSet(_ range: Range<Int>) throws(ONNXModelError) {
    var (domain, version) = ("", 0)
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      switch (field.number, field.content) {
      case (1, .bytes(let text)): domain = try name(text)
      case (2, .number(let number)): version = Int(truncatingIfNeeded: number)
      default: break
      }
    }
    try count(1)
    if domain.isEmpty || domain == "ai.onnx" {
      file.operatorSet = version
    } else {
      file.otherSets.append(domain)
    }
  }

  private mutating func readMetadata(_ range: Range<Int>) throws(ONNXModelError) {
    let (key, value) = try pair(range)
    file.metadata[key] = value
  }

  /// A `StringStringEntryProto`.
  private mutating func pair(_ range: Range<Int>) throws(ONNXModelError) -> (key: String, value: String) {
    var (key, value) = ("", "")
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      switch (field.number, field.content) {
      case (1, .bytes(let text)): key = try name(text)
      case (2, .bytes(let bytes)): value = try text(bytes)
      default: break
      }
    }
    try count(1)
    return (key, value)
  }

  private mutating func readGraph(_ range: Range<Int>) throws(ONNXModelError) {
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      switch (field.number, field.content) {
      case (1, .bytes(let message)): file.nodes.append(try node(message))
      case (2, .bytes(let text)): file.graphName = try name(text)
      case (5, .bytes(let message)):
        let tensor = try tensor(message)
        guard file.tensors.updateValue(tensor, forKey: tensor.name) == nil else {
          throw damaged("two initializers are called '\(tensor.name.prefix(80))'")
        }
      case (11, .bytes(let message)): file.inputs.append(try port(message))
      case (12, .bytes(let message)): file.outputs.append(try port(message))
      case (15, .bytes): note("sparse initializers")
      default: break
      }
    }
  }

  private mutating func node(_ range: Range<Int>) throws(ONNXModelError) -> ONNXNode {
    var node = ONNXNode()
    try count(4)
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      switch (field.number, field.content) {
      case (1, .bytes(let text)): node.inputs.append(try name(text))
      case (2, .bytes(let text)): node.outputs.append(try name(text))
      case (3, .bytes(let text)): node.name = try name(text)
      case (4, .bytes(let text)): node.type = try name(text)
      case (5, .bytes(let message)):
        let (name, attribute) = try attribute(message)
        node.attributes[name] = attribute
      case (7, .bytes(let text)): node.domain = try name(text)
      default: break
      }
    }
    if node.domain == "ai.onnx" { node.domain = "" }
    return node
  }

  private mutating func port(_ range: Range<Int>) throws(ONNXModelError) -> ONNXFile.Port {
    var port = ONNXFile.Port()
    try count(2)
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      switch (field.number, field.content) {
      case (1, .bytes(let text)): port.name = try name(text)
      case (2, .bytes(let message)): try readType(message, into: &port)
      default: break
      }
    }
    return port
  }

  private mutating func readType(
    _ range: Range<Int>, into port: inout ONNXFile.Port
  ) throws(ONNXModelError) {
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      guard case .bytes(let message) = field.content else { continue }
      switch field.number {
      case 1:
        var type = ProtocolCursor(window, message)
        while let field = try type.next() {
          switch (field.number, field.content) {
          case (1, .number(let number)): port.elementType = Int(truncatingIfNeeded: number)
          case (2, .bytes(let shape)): port.axes = try axes(shape)
          default: break
          }
        }
      case 4: port.otherType = "a sequence"
      case 5: port.otherType = "a map"
      case 8: port.otherType = "a sparse tensor"
      case 9: port.otherType = "an optional value"
      default: break
      }
    }
  }

  private mutating func axes(_ range: Range<Int>) throws(ONNXModelError) -> [ONNXFile.Port.Axis] {
    var axes: [ONNXFile.Port.Axis] = []
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      guard case (1, .bytes(let message)) = (field.number, field.content) else { continue }
      try count(1)
      var axis = ONNXFile.Port.Axis.open("")
      var dimension = ProtocolCursor(window, message)
      while let field = try dimension.next() {
        switch (field.number, field.content) {
        case (1, .number(let number)):
          let extent = Int(truncatingIfNeeded: number)
          axis = extent > 0 ? .extent(extent) : .open("")
        case (2, .bytes(let text)): axis = .open(try name(text))
        default: break
        }
      }
      axes.append(axis)
    }
    return axes
  }
}

extension ONNXFileReader {
  fileprivate struct Setting {
    var type = 0
    var number: Float?
    var integer: Int?
    var text: String?
    var numbers: [Float] = []
    var integers: [Int] = []
    var tensor: ONNXTensor?
    var other: String?
  }

  private mutating func attribute(
    _ range: Range<Int>
  ) throws(ONNXModelError) -> (String, ONNXAttribute) {
    var (key, setting) = ("", Setting())
    try count(2)
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      switch (field.number, field.content) {
      case (1, .bytes(let text)): key = try name(text)
      case (2, .fourBytes(let bits)): setting.number = Float(bitPattern: bits)
      case (3, .number(let number)): setting.integer = Int(truncatingIfNeeded: number)
      case (4, .bytes(let bytes)): setting.text = try text(bytes)
      case (5, .bytes(let message)): setting.tensor = try tensor(message)
      case (7, _): try appendFloats(field, to: &setting.numbers)
      case (8, _): try appendIntegers(field, to: &setting.integers)
      case (20, .number(let number)): setting.type = Int(truncatingIfNeeded: number)
      case (6, _), (11, _): setting.other = "a graph of its own"
      case (9, _), (10, _), (14, _), (15, _), (22, _), (23, _): setting.other = "a list of another kind"
      case (21, _): setting.other = "a function's argument"
      default: break
      }
    }
    return (key, setting.attribute)
  }

  private mutating func appendFloats(
    _ field: ProtocolCursor.Field, to numbers: inout [Float]
  ) throws(ONNXModelError) {
    switch field.content {
    case .fourBytes(let bits):
      try count(1)
      numbers.append(Float(bitPattern: bits))
    case .bytes(let range):
      try count(range.count / 4)
      var cursor = ProtocolCursor(window, range)
      while !cursor.isAtEnd {
        numbers.append(Float(bitPattern: UInt32(truncatingIfNeeded: try cursor.fixed(4))))
      }
    case .number, .eightBytes: break
    }
  }

  private mutating func appendIntegers(
    _ field: ProtocolCursor.Field, to integers: inout [Int]
  ) throws(ONNXModelError) {
    switch field.content {
    case .number(let number):
      try count(1)
      integers.append(Int(truncatingIfNeeded: number))
    case .bytes(let range):
      var cursor = ProtocolCursor(window, range)
      while !cursor.isAtEnd {
        try count(1)
        integers.append(Int(truncatingIfNeeded: try cursor.number()))
      }
    case .fourBytes, .eightBytes: break
    }
  }

  private mutating func tensor(_ range: Range<Int>) throws(ONNXModelError) -> ONNXTensor {
    var tensor = ONNXTensor(message: range)
    var external: [String: String] = [:]
    var (location, isPart) = (0, false)
    try count(2)
    var cursor = ProtocolCursor(window, range)
    while let field = try cursor.next() {
      switch (field.number, field.content) {
      case (1, _): try appendIntegers(field, to: &tensor.dimensions)
      case (2, .number(let number)): tensor.elementType = Int(truncatingIfNeeded: number)
      case (3, .bytes): isPart = true
      case (4, _), (5, _), (7, _), (10, _), (11, _): try add(field, to: &tensor)
      case (6, .bytes): tensor.elementType = 8
      case (8, .bytes(let text)): tensor.name = try name(text)
      case (9, .bytes(let bytes)): tensor.place = .bytes(bytes)
      case (13, .bytes(let message)):
        let (key, value) = try pair(message)
        external[key] = value
      case (14, .number(let number)): location = Int(truncatingIfNeeded: number)
      default: break
      }
    }
    guard !isPart else { throw damaged("the tensor '\(tensor.name.prefix(80))' is a part of one") }
    guard tensor.elementCount != nil, tensor.dimensions.count <= 16 else {
      throw damaged("the tensor '\(tensor.name.prefix(80))' has the extents \(tensor.dimensions.prefix(8))")
    }
    if location == 1 {
      tensor.place = .external(
        file: external["location"] ?? "", offset: external["offset"].flatMap { Int($0) } ?? 0,
        length: external["length"].flatMap { Int($0) })
    }
    return tensor
  }

  /// Counts numbers that are a tensor's, in fields by number.
  private mutating func add(
    _ field: ProtocolCursor.Field, to tensor: inout ONNXTensor
  ) throws(ONNXModelError) {
    var count = 0
    if case .fields(field.number, let known) = tensor.place { count = known }
    switch field.content {
    case .number, .eightBytes, .fourBytes: count += 1
    case .bytes(let range):
      switch field.number {
      case 4: count += range.count / 4
      case 10: count += range.count / 8
      default:
        var cursor = ProtocolCursor(window, range)
        while !cursor.isAtEnd {
          _ = try cursor.number()
          count += 1
        }
      }
    }
    tensor.place = .fields(field.number, count: count)
  }

  private mutating func count(_ items: Int) throws(ONNXModelError) {
    room -= items
    guard room >= 0 else { throw damaged("it has more nodes, names and settings than any network of images") }
  }

  private mutating func name(_ range: Range<Int>) throws(ONNXModelError) -> String {
    guard range.count <= Self.longestName else { throw damaged("a name of \(range.count) bytes") }
    try count(1)
    return String(decoding: try window.copy(range), as: UTF8.self)
  }

  private mutating func text(_ range: Range<Int>) throws(ONNXModelError) -> String {
    guard range.count <= Self.longestText else { throw damaged("a text of \(range.count) bytes") }
    try count(1 + range.count / 64)
    return String(decoding: try window.copy(range), as: UTF8.self)
  }

  private func damaged(_ reason: String) -> ONNXModelError {
    .damaged(place: window.bytes.name, reason: reason)
  }
}

extension ONNXFileReader.Setting {
  /// By its type; a value that is not there is 0 or nothing.
  fileprivate var attribute: ONNXAttribute {
    if let other { return .other(other) }
    switch type {
    case 1: return .number(number ?? 0)
    case 2: return .integer(integer ?? 0)
    case 3: return .text(text ?? "")
    case 6: return .numbers(numbers)
    case 7: return .integers(integers)
    default: break
    }
    if let tensor { return .tensor(tensor) }
    if let number { return .number(number) }
    if let integer { return .integer(integer) }
    if let text { return .text(text) }
    return numbers.isEmpty ? .integers(integers) : .numbers(numbers)
  }
}
