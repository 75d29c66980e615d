import Files
import Synchronization
import Tensors

/// Where the storages of a file are: in a zip archive, or one behind the other.
struct TorchStorages: Sendable {
  /// The contents of each storage, by its key.
  private let contents: [String: FileBytes]
  /// What verifies a storage before anything of it is read.
  private let verify: @Sendable (String) throws(FileError) -> Void
  private let verified = KnownKeys()

  init(
    _ contents: [String: FileBytes], verify: @escaping @Sendable (String) throws(FileError) -> Void = { _ in }
  ) {
    (self.contents, self.verify) = (contents, verify)
  }

  /// What a storage has of too little, in words; nil where all that it says it has is there.
  func problem(with storage: TorchStorage) -> String? {
    guard let bytes = contents[storage.key] else { return "the file has no storage \(storage.key)" }
    guard let needed = storage.byteCount, needed <= bytes.byteCount else {
      return
        "storage \(storage.key) has \(bytes.byteCount) bytes, expected those of \(storage.count) elements"
    }
    return nil
  }

  /// Fills `buffer` with the elements of `tensor` in row-major order.
  func read(_ tensor: TorchTensor, into buffer: inout MutableRawSpan) throws(TorchWeightsError) {
    let key = tensor.storage.key
    guard let bytes = contents[key],
      buffer.byteCount == tensor.shape.elementCount * tensor.scalarType.byteCount
    else { throw .damaged(place: key, reason: "no storage of this tensor") }
    if !verified.contains(key) {
      try readingFile { () throws(FileError) in try verify(key) }
      verified.insert(key)
    }
    let range = tensor.byteRange
    if tensor.isContiguous {
      try readingFile { () throws(FileError) in try bytes.read(at: range.lowerBound, into: &buffer) }
      return
    }
    let elements = try readingFile { () throws(FileError) in
      try bytes.bytes(at: range.lowerBound, count: range.count)
    }
    StridedCopy(tensor).run(from: elements, into: &buffer)
  }
}

/// Keys of storages that were found intact.
private final class KnownKeys: Sendable {
  private let known = Mutex<Set<String>>([])

  func contains(_ key: String) -> Bool { known.withLock { $0.contains(key) } }
  func insert(_ key: String) { known.withLock { _ = $0.insert(key) } }
}
