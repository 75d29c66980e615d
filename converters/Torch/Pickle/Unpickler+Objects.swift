import Encoding
import Tensors

/// What stands for calls of functions and classes of Python: each is known by its name and done here.
extension Unpickler {
  /// A name with its arguments.
  mutating func reduce() throws(TorchWeightsError) {
    let arguments = try pop()
    guard case .name(let name)? = heap.object(try pop()), let members = heap.members(arguments) else {
      throw damaged("the pickle calls what is no name, or without arguments")
    }
    switch name {
    case .orderedDictionary: try keep(.dictionary(pairs(members)))
    case .rebuildTensor:
      try refuseMetadata(members, at: 6)
      try keep(.tensor(tensor(members, type: nil)))
    case .rebuildTypedTensor:
      guard members.count >= 7, case .name(.type(let type))? = heap.object(members[6]) else {
        throw damaged("a tensor without the type of its elements")
      }
      try refuseMetadata(members, at: 7)
      try keep(.tensor(tensor(members, type: type)))
    case .rebuildParameter:
      guard let first = members.first, case .tensor? = heap.object(first) else {
        throw damaged("a parameter that is no tensor")
      }
      push(first)
    case .size: push(members.first ?? arguments)
    case .unread: try keep(.unread)
    case .storage, .type: throw damaged("the pickle makes a storage that is not one of the file's")
    }
  }

  /// The members of an ordered dictionary that is made of a list of pairs.
  private func pairs(_ arguments: [PickleValue]) throws(TorchWeightsError) -> [(
    key: PickleValue, value: PickleValue
  )] {
    guard let list = arguments.first else { return [] }
    var pairs: [(key: PickleValue, value: PickleValue)] = []
    for member in heap.members(list) ?? [] {
      guard let pair = heap.members(member), pair.count == 2 else {
        throw damaged("an ordered dictionary is made of something else than pairs")
      }
      pairs.append((pair[0], pair[1]))
    }
    return pairs
  }

  /// Attributes of an object: those of a dictionary, which say nothing of weights.
  mutating func build() throws(TorchWeightsError) {
    _ = try pop()
    switch heap.object(try top()) {
    case .dictionary, .tensor, .unread: break
    default: throw damaged("the pickle gives attributes to what has none")
    }
  }

  /// Refuses what changes a tensor's numbers beside its storage: a view with the sign turned, or conjugated, has it said here.
  private func refuseMetadata(_ arguments: [PickleValue], at place: Int) throws(TorchWeightsError) {
    guard arguments.count > place, arguments[place] != .none else { return }
    if case .dictionary(let entries)? = heap.object(arguments[place]), entries.isEmpty { return }
    throw unsupported(
      "a tensor that is a view of another with a sign or more of its own",
      "load it, and save a copy of every tensor: {name: tensor.clone() for ...}")
  }

  /// Arguments of `_rebuild_tensor` and those that came after it: a storage, an offset, extents and strides.
  private func tensor(
    _ arguments: [PickleValue], type: ScalarType?
  ) throws(TorchWeightsError) -> TorchTensor {
    guard arguments.count >= 4, case .storage(let storage)? = heap.object(arguments[0]),
      case .int(let offset) = arguments[1], let extents = heap.numbers(arguments[2]),
      let strides = heap.numbers(arguments[3]), let type = type ?? storage.scalarType
    else { throw damaged("a tensor without a storage, an offset, extents or strides") }
    switch TorchTensor.checked(storage, type: type, offset: offset, extents: extents, strides: strides) {
    case .success(let tensor): return tensor
    case .failure(let problem) where problem.repeats:
      throw unsupported(
        "a tensor that repeats numbers of its storage, as expand() makes it: \(problem.text)",
        "save a copy of every tensor: torch.save({k: v.clone() for k, v in state_dict.items()}, 'weights.pth')"
      )
    case .failure(let problem): throw damaged("a tensor of storage \(storage.key.printable): \(problem.text)")
    }
  }

  /// What stands for a storage: its kind, its key, where it was computed and how many elements it has.
  mutating func pushStorage() throws(TorchWeightsError) {
    guard let members = heap.members(try pop()), case .text(let kind)? = members.first else {
      throw damaged("the pickle asks for something by no name")
    }
    guard kind == "storage" else {
      throw unsupported(
        "a whole module with its source text (\(kind.printable))", "save model.state_dict() with torch.save")
    }
    guard members.count >= 5, case .name(.storage(let type))? = heap.object(members[1]),
      case .text(let key) = members[2], case .int(let count) = members[4], count >= 0
    else { throw damaged("a storage without a type, a key or a length") }
    if members.count > 5, members[5] != .none {
      throw unsupported(
        "a storage that is part of another, as PyTorch before 0.4 wrote them",
        "load and save it with a later one")
    }
    let storage = TorchStorage(key: key, scalarType: type, count: count)
    guard storage.byteCount != nil else { throw damaged("storage \(key.printable) has \(count) elements") }
    try keep(.storage(storage))
  }
}
