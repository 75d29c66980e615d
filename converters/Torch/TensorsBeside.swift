import Encoding

/// The tensors that a file holds besides its state dictionary, each by the keys that lead to it, as Python writes them:
/// `['model_ema']['conv.weight']`, `['history'][0]`.
struct TensorsBeside {
  private(set) var tensors: [(name: String, tensor: TorchTensor)] = []

  private let heap: PickleHeap
  private let path: String
  /// The names of all tensors so far, those of the state dictionary among them.
  private var names: Set<String> = []
  /// What was looked into so deep down that names no longer tell the way.
  private var deep: Set<Int> = []

  /// So many keys at most make a name; what is in deeper is looked into once.
  private static let mostKeys = 32
  /// So many members are looked at: what is reached by several ways counts for each.
  private static let mostMembers = 1 << 20

  private struct Container {
    let number: Int
    let name: String
    /// The containers that it is in, and it.
    let way: [Int]
    /// Whether its tensors are the state dictionary.
    let isWeights: Bool
  }

  /// - Parameters:
  ///   - root: what the pickle says.
  ///   - key: that of the state dictionary in it; nil where it is one itself.
  init(_ root: PickleValue, weightsKey key: String?, _ heap: PickleHeap, path: String)
    throws(TorchWeightsError)
  {
    (self.heap, self.path) = (heap, path)
    guard case .object(let number) = root else { return }
    var open = [Container(number: number, name: "", way: [number], isWeights: key == nil)]
    var count = 0
    while let container = open.popLast() {
      let members = Self.members(heap[container.number])
      count += members.count
      guard count <= Self.mostMembers else {
        throw .unsupported(
          place: path, what: "more than \(Self.mostMembers) values beside the weights",
          advice: "save model.state_dict()")
      }
      var inner: [Container] = []
      for member in members {
        if let found = try look(at: member, in: container, weightsKey: key) { inner.append(found) }
      }
      open += inner.reversed()
    }
  }

  /// Notes a tensor; gives a container that is to be looked into.
  private mutating func look(
    at member: Member, in container: Container, weightsKey: String?
  ) throws(TorchWeightsError) -> Container? {
    guard case .object(let number) = member.value else { return nil }
    switch heap[number] {
    case .tensor(let tensor):
      let isWeight = container.isWeights && member.text != nil
      let name = isWeight ? member.text ?? "" : container.name + member.step
      guard names.insert(name).inserted else {
        throw .unsupported(
          place: path, what: "two tensors of one name (\(name.printable))",
          advice: "give each a name of its own, of which no two differ in their Unicode form alone")
      }
      if !isWeight { tensors.append((name, tensor)) }
      return nil
    case .tuple, .list, .dictionary:
      guard !container.way.contains(number) else { return nil }
      let isDeep = container.way.count > Self.mostKeys
      if isDeep, !deep.insert(number).inserted { return nil }
      return Container(
        number: number, name: isDeep ? "[...]#\(number)" : container.name + member.step,
        way: isDeep ? container.way : container.way + [number],
        isWeights: container.way.count == 1 && weightsKey != nil && member.text == weightsKey)
    case .name, .storage, .unread: return nil
    }
  }
}

extension TensorsBeside {
  private struct Member {
    /// `['ema']`, `[3]`
    let step: String
    /// The key, where it is a text.
    let text: String?
    var value: PickleValue
  }

  /// A key, told from all others by its bytes.
  private struct Key: Hashable {
    let bytes: [UInt8]?
    let other: PickleValue?
  }

  /// The members of a container; of a key that is there twice the later one.
  private static func members(_ object: PickleObject) -> [Member] {
    switch object {
    case .tuple(let values), .list(let values):
      return values.enumerated().map { Member(step: "[\($0)]", text: nil, value: $1) }
    case .dictionary(let pairs):
      var places: [Key: Int] = [:]
      var members: [Member] = []
      for pair in pairs {
        let member = Self.member(pair.key, pair.value, members.count)
        let key = Key(bytes: member.text.map { Array($0.utf8) }, other: member.text == nil ? pair.key : nil)
        if let place = places[key], pair.key != .unread {
          members[place].value = pair.value
        } else {
          places[key] = members.count
          members.append(member)
        }
      }
      return members
    case .name, .storage, .tensor, .unread: return []
    }
  }

  private static func member(_ key: PickleValue, _ value: PickleValue, _ place: Int) -> Member {
    switch key {
    case .text(let text): Member(step: "['\(text)']", text: text, value: value)
    case .int(let number): Member(step: "[\(number)]", text: nil, value: value)
    case .bool(let isTrue): Member(step: isTrue ? "[True]" : "[False]", text: nil, value: value)
    case .float(let number): Member(step: "[\(number)]", text: nil, value: value)
    case .none: Member(step: "[None]", text: nil, value: value)
    case .unread, .object: Member(step: "[key \(place)]", text: nil, value: value)
    }
  }
}
