import Encoding
import Files

/// What `torch.save` wrote before 1.6: a magic number, a version, what the machine is like, what was saved and the keys of its storages,
/// each a pickle; behind them every storage, with the number of its elements ahead.
enum TorchLegacy {
  /// Reads the pickles, and finds the storages.
  static func read(_ bytes: FileBytes) throws(TorchWeightsError) -> (
    dictionary: StateDictionary, storages: TorchStorages
  ) {
    let head = try readingFile { () throws(FileError) in try bytes.head(TorchZip.mostPickleBytes) }
    var unpickler = Unpickler(head, path: bytes.name)
    // A magic number of ten bytes, which the kind of the file was told by.
    _ = try unpickler.next()
    guard try unpickler.next() == .int(1001) else {
      throw .damaged(place: bytes.name, reason: "expected version 1001 of PyTorch's format, found another")
    }
    let machine = try unpickler.next()
    if unpickler.heap.entries(machine)?.contains(where: {
      $0.key == "little_endian" && $0.value == .bool(false)
    }) == true {
      throw .unsupported(
        place: bytes.name, what: "numbers whose highest byte comes first",
        advice: "save them on a machine that has the lowest first, as nearly all have")
    }
    let value = try unpickler.next()
    let keys = try unpickler.next()
    let storages = try storages(bytes, unpickler, keys)
    return (try StateDictionary(value, unpickler.heap, path: bytes.name, storages: storages), storages)
  }

  private static func storages(
    _ bytes: FileBytes, _ unpickler: Unpickler, _ keys: PickleValue
  ) throws(TorchWeightsError) -> TorchStorages {
    var known: [String: TorchStorage] = [:]
    for number in 0..<unpickler.heap.count {
      if case .storage(let storage) = unpickler.heap[number] { known[storage.key] = storage }
    }
    var contents: [String: FileBytes] = [:]
    var offset = unpickler.cursor.position
    for key in unpickler.heap.members(keys) ?? [] {
      guard case .text(let name) = key, let storage = known[name], let size = storage.byteCount else {
        throw .damaged(place: bytes.name, reason: "its list of storages names one that no tensor has")
      }
      let count = try readingFile { () throws(FileError) in
        Int(truncatingIfNeeded: UInt64(littleEndian: try bytes.bytes(at: offset, count: 8)[...]))
      }
      guard count == storage.count else {
        throw .damaged(
          place: bytes.name,
          reason: "storage \(name.printable): expected \(storage.count) elements, found \(count)")
      }
      contents[name] = try readingFile { () throws(FileError) in
        guard size <= bytes.byteCount - offset - 8 else {
          throw .damaged(
            place: bytes.name,
            reason:
              "storage \(name.printable) of \(size.grouped) bytes ends behind the file's end: it is cut short"
          )
        }
        return try bytes.part(offset + 8..<offset + 8 + size, name: bytes.name)
      }
      offset += 8 + size
    }
    return TorchStorages(contents)
  }
}
