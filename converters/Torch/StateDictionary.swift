import Encoding
import Tensors

/// The tensors of a file by name, in its order: the dictionary that `model.state_dict()` gives, wherever in the file it is.
struct StateDictionary: Sendable {
  private(set) var tensors: [(name: String, tensor: TorchTensor)] = []
  /// Where it was found, in sentences; empty where the file holds nothing else.
  private(set) var notes: [String] = []
  /// What else the file holds, in words.
  private(set) var others: [String] = []
  /// The tensors that the file holds besides.
  let beside: [(name: String, tensor: TorchTensor)]

  /// Under these keys of a checkpoint the weights are, the first of them that is there; averaged ones are what a training is kept for.
  private static let wrappers = [
    "state_dict_ema", "model_ema", "state_dict", "model_state_dict", "model", "net", "network", "weights",
  ]

  /// Looks for the tensors in what a pickle says.
  init(
    _ value: PickleValue, _ heap: PickleHeap, path: String, storages: TorchStorages
  ) throws(TorchWeightsError) {
    guard let entries = heap.entries(value) else {
      throw .noTensors(path: path, found: Self.words(value, heap))
    }
    var found = entries
    var weightsKey: String?
    if Self.tensors(entries, heap).isEmpty {
      let keys = entries.map(\.key)
      let dictionaries = entries.filter { !Self.tensors(heap.entries($0.value) ?? [], heap).isEmpty }
      let known = Self.wrappers.lazy.compactMap { key in dictionaries.first { $0.key == key } }.first
      guard let chosen = known ?? (dictionaries.count == 1 ? dictionaries.first : nil) else {
        throw .noTensors(
          path: path,
          found: keys.isEmpty
            ? "an empty dictionary"
            : "a dictionary with the keys \(keys.prefix(8).map(\.printable).joined(separator: ", "))")
      }
      found = heap.entries(chosen.value) ?? []
      weightsKey = chosen.key
      let rest = dictionaries.map(\.key).filter { $0 != chosen.key && Self.wrappers.contains($0) }
      notes.append(
        "the weights are those under '\(chosen.key.printable)'"
          + (rest.isEmpty
            ? "" : "; those under \(rest.map { "'\($0.printable)'" }.joined(separator: ", ")) are left aside")
      )
      others = keys.filter { $0 != chosen.key && !rest.contains($0) }.prefix(8).map { "'\($0.printable)'" }
    }
    tensors = Self.tensors(found, heap)
    beside = try TensorsBeside(value, weightsKey: weightsKey, heap, path: path).tensors
    for (name, tensor) in tensors {
      if let problem = storages.problem(with: tensor.storage) {
        throw .damaged(place: "\(path) \(name.printable)", reason: problem)
      }
    }
  }

  private static func tensors(
    _ entries: [(key: String, value: PickleValue)], _ heap: PickleHeap
  ) -> [(name: String, tensor: TorchTensor)] {
    entries.compactMap { entry in
      if case .tensor(let tensor)? = heap.object(entry.value) { (entry.key, tensor) } else { nil }
    }
  }

  private static func words(_ value: PickleValue, _ heap: PickleHeap) -> String {
    switch heap.object(value) {
    case .tensor(let tensor): "one tensor \(tensor.shape) without a name"
    case .list(let members), .tuple(let members): "a list of \(members.count) members"
    default: "something else"
    }
  }
}
