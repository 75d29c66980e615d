/// What a pickle says, as data: a value, or the number of an object in the pickle's ``PickleHeap``.
///
/// Objects hold numbers of others and never the others themselves, so that what holds itself, or thousands of lists in one another, are
/// nothing but numbers.
enum PickleValue: Hashable, Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case text(String)
  /// Bytes, or a number, that nothing here looks at.
  case unread
  case object(Int)
}

/// What a value stands for that is more than a number or a text.
enum PickleObject: Sendable {
  case tuple([PickleValue])
  case list([PickleValue])
  /// In the order in which it was filled; a key may be there twice, and the later one counts.
  case dictionary([(key: PickleValue, value: PickleValue)])
  indirect case name(TorchName)
  indirect case storage(TorchStorage)
  indirect case tensor(TorchTensor)
  /// A set, a device, a type of elements alone: nothing that weights are made of.
  case unread
}

/// The objects of a pickle, by their numbers.
struct PickleHeap: Sendable {
  /// As many are kept; a file of weights has a few for each tensor, of a hundred bytes or more.
  let mostObjects: Int

  private var objects: [PickleObject] = []

  /// - Parameter byteCount: how many bytes the pickles have that they are made from.
  init(byteCount: Int) { mostObjects = min(1 << 20, (1 << 16) + byteCount / 8) }

  /// How many there are.
  var count: Int { objects.count }

  subscript(number: Int) -> PickleObject {
    get { objects[number] }
    set { objects[number] = newValue }
  }

  /// Keeps an object; nil where there are too many.
  mutating func add(_ object: PickleObject) -> PickleValue? {
    guard objects.count < mostObjects else { return nil }
    objects.append(object)
    return .object(objects.count - 1)
  }

  /// The object that a value stands for; nil for any other value.
  func object(_ value: PickleValue?) -> PickleObject? {
    if case .object(let number)? = value { objects[number] } else { nil }
  }

  /// The members of a tuple or a list.
  func members(_ value: PickleValue?) -> [PickleValue]? {
    switch object(value) {
    case .tuple(let members), .list(let members): members
    default: nil
    }
  }

  /// The members of a dictionary with text for keys, each key once, in their order.
  func entries(_ value: PickleValue?) -> [(key: String, value: PickleValue)]? {
    guard case .dictionary(let pairs)? = object(value) else { return nil }
    var places: [String: Int] = [:]
    var entries: [(key: String, value: PickleValue)] = []
    for pair in pairs {
      guard case .text(let key) = pair.key else { continue }
      if let place = places[key] {
        entries[place].value = pair.value
      } else {
        places[key] = entries.count
        entries.append((key, pair.value))
      }
    }
    return entries
  }

  /// The numbers of a tuple or a list, where it has nothing else.
  func numbers(_ value: PickleValue?) -> [Int]? {
    guard let members = members(value) else { return nil }
    let numbers = members.compactMap { if case .int(let number) = $0 { number } else { nil } }
    return numbers.count == members.count ? numbers : nil
  }
}
