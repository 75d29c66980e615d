import Encoding
import Tensors

/// Reads pickles of Python's protocols 2 to 5 as PyTorch writes them, and runs nothing: names stand for what ``TorchName`` knows, and
/// every other is an error.
///
/// Work and memory are in proportion to the bytes read: what is on the stack, in the memo and in the heap is limited in number.
struct Unpickler {
  private static let mostValues = 1 << 20

  private let path: String
  /// Whether names that are not known stand for what is not read: to look for what else there is.
  private(set) var passesOverNames = false
  var cursor: ByteCursor
  var heap: PickleHeap
  var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// - Parameter path: what errors call the file.
  init(_ bytes: [UInt8], path: String) {
    self.path = path
    cursor = ByteCursor(bytes)
    heap = PickleHeap(byteCount: bytes.count)
  }

  /// Reads the next pickle, up to its end, and gives its value.
  mutating func next() throws(TorchWeightsError) -> PickleValue {
    let start = self
    do {
      return try read()
    } catch {
      guard case .foreignName(let path, let name, _) = error, !passesOverNames else { throw error }
      throw .foreignName(path: path, name: name, key: start.keyOfTensors)
    }
  }

  /// The key of the dictionary with most tensors among those in the next pickle's; nil where there is none.
  private var keyOfTensors: String? {
    var other = self
    other.passesOverNames = true
    guard case .object(let number)? = try? other.read(), case .dictionary(let pairs) = other.heap[number]
    else {
      return nil
    }
    var best: (key: String, count: Int)?
    for pair in pairs {
      guard case .text(let key) = pair.key, case .object(let inner) = pair.value,
        case .dictionary(let members) = other.heap[inner]
      else { continue }
      let count = members.count { member in
        if case .object(let value) = member.value, case .tensor = other.heap[value] { true } else { false }
      }
      if count > best?.count ?? 0 { best = (key, count) }
    }
    return best?.key
  }

  private mutating func read() throws(TorchWeightsError) -> PickleValue {
    stack = []
    marks = []
    memo = [:]
    while true {
      guard let byte = cursor.take(1)?.first else { throw damaged("the pickle ends before its end") }
      guard let code = PickleCode(rawValue: byte) else {
        throw damaged(
          "byte \(byte) at \(cursor.position - 1) is no instruction of a pickle as PyTorch writes it")
      }
      if code == .stop { return try pop() }
      try run(code)
      guard stack.count <= Self.mostValues, memo.count <= Self.mostValues, marks.count <= Self.mostValues
      else {
        throw damaged(
          "more than \(Self.mostValues.grouped) values, where a file of weights has a few for each tensor")
      }
    }
  }

  // MARK: - The stack

  mutating func push(_ value: PickleValue) { stack.append(value) }

  mutating func keep(_ object: PickleObject) throws(TorchWeightsError) {
    guard let value = heap.add(object) else {
      throw damaged(
        "more than \(heap.mostObjects.grouped) objects, where a file of weights has a few for each tensor"
      )
    }
    stack.append(value)
  }

  mutating func pop() throws(TorchWeightsError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
      throw damaged("the pickle takes a value where there is none")
    }
    return value
  }

  mutating func pop(_ count: Int) throws(TorchWeightsError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw damaged("the pickle takes \(count) values where there are fewer")
    }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  mutating func mark() { marks.append(stack.count) }

  /// The values from the last mark on.
  mutating func popMarked() throws(TorchWeightsError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw damaged("the pickle takes a mark where there is none") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  /// The value on top, which stays there.
  func top() throws(TorchWeightsError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw damaged("the pickle looks at a value where there is none")
    }
    return value
  }

  // MARK: - The memo

  mutating func remember(_ number: Int?) throws(TorchWeightsError) {
    memo[number ?? memo.count] = try top()
  }

  mutating func recall(_ number: Int) throws(TorchWeightsError) {
    guard let value = memo[number] else {
      throw damaged("the pickle recalls value \(number), which it never kept")
    }
    stack.append(value)
  }

  // MARK: - Bytes

  mutating func number(_ byteCount: Int) throws(TorchWeightsError) -> Int {
    guard let bytes = cursor.take(byteCount), let number = Int(exactly: UInt64(littleEndian: bytes)) else {
      throw damaged("the pickle ends within a number, or has one beyond any length")
    }
    return number
  }

  mutating func bytes(_ count: Int) throws(TorchWeightsError) -> ArraySlice<UInt8> {
    guard let bytes = cursor.take(count) else { throw damaged("the pickle ends within a text") }
    return bytes
  }

  /// A text up to the end of the line.
  mutating func line() throws(TorchWeightsError) -> String {
    var line: [UInt8] = []
    while line.count <= 1 << 12 {
      let byte = try bytes(1)
      if byte.first == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line += byte
    }
    throw damaged("the pickle has a name of more than 4,096 bytes")
  }

  // MARK: - Errors

  func damaged(_ reason: String) -> TorchWeightsError { .damaged(place: path, reason: reason) }

  func foreign(_ name: String) -> TorchWeightsError {
    .foreignName(path: path, name: name, key: nil)
  }

  func unsupported(_ what: String, _ advice: String) -> TorchWeightsError {
    .unsupported(place: path, what: what, advice: advice)
  }
}

/// The instructions of a pickle that files of PyTorch have, by Python's names for them.
enum PickleCode: UInt8 {
  case proto = 0x80
  case newObject = 0x81
  case tuple1 = 0x85
  case tuple2, tuple3, newTrue, newFalse, long1, long4, shortBinUnicode, binUnicode8, binBytes8, emptySet,
    addItems, frozenSet
  case newObjectEx, stackGlobal, memoize, frame, byteArray8
  case mark = 0x28  // (
  case emptyTuple = 0x29  // )
  case stop = 0x2E  // .
  case pop = 0x30  // 0
  case popMark = 0x31  // 1
  case dup = 0x32  // 2
  case binBytes = 0x42  // B
  case shortBinBytes = 0x43  // C
  case binFloat = 0x47  // G
  case binInt = 0x4A  // J
  case binInt1 = 0x4B  // K
  case binInt2 = 0x4D  // M
  case none = 0x4E  // N
  case binPersistent = 0x51  // Q
  case reduce = 0x52  // R
  case binString = 0x54  // T
  case shortBinString = 0x55  // U
  case binUnicode = 0x58  // X
  case emptyList = 0x5D  // ]
  case append = 0x61  // a
  case build = 0x62  // b
  case global = 0x63  // c
  case dictionary = 0x64  // d
  case appends = 0x65  // e
  case binGet = 0x68  // h
  case longBinGet = 0x6A  // j
  case list = 0x6C  // l
  case binPut = 0x71  // q
  case longBinPut = 0x72  // r
  case setItem = 0x73  // s
  case tuple = 0x74  // t
  case setItems = 0x75  // u
  case emptyDictionary = 0x7D  // }
}
