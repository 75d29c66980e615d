import Errors
import Files
import Foundation
import TestSupport
import Testing
import TorchWeights
import WeightConversion

/// Pickles that were made to mislead end in an error of ours, in work and memory that go with their size.
@Suite struct HostilePickleTests {
  /// A file of before 1.6 whose third pickle is `body`, with the storages `keys` names and bytes behind.
  static func legacy(_ body: [UInt8], keys: [UInt8] = Pickle.emptyList, storages: [UInt8] = []) -> [UInt8] {
    Pickle.bytes([
      Pickle.magic, Pickle.version, Pickle.whole(Pickle.emptyDictionary), Pickle.whole(body),
      Pickle.whole(keys), storages,
    ])
  }

  private func open(_ bytes: [UInt8]) throws -> TorchSource? {
    try TorchWeights.open(FileBytes(bytes, name: "hostile.pth"), .model(.legacyPyTorch))
  }

  private func expectError(_ bytes: [UInt8], _ words: String, _ place: SourceLocation = #_sourceLocation) {
    #expect(sourceLocation: place) {
      _ = try self.open(bytes)
    } throws: { error in
      error is TorchWeightsError && "\(error)".contains(words)
    }
  }

  /// One storage of four numbers, and a tensor that looks at it somehow.
  private func tensor(
    offset: Int, extents: [Int], strides: [Int], count: Int = 4, name: String = "a.weight",
    metadata: [UInt8] = []
  ) -> [UInt8] {
    let tensor = Pickle.bytes([
      Pickle.name("torch._utils", "_rebuild_tensor_v2"), Pickle.mark, Pickle.storage("0", count: count),
      Pickle.int(offset), Pickle.tuple(extents.map(Pickle.int)), Pickle.tuple(strides.map(Pickle.int)),
      Pickle.true, Pickle.name("collections", "OrderedDict"), [0x29, 0x52], metadata, Pickle.endTuple,
      Pickle.reduce,
    ])
    return Self.legacy(
      Pickle.bytes([Pickle.emptyDictionary, Pickle.text(name), tensor, Pickle.setItem]),
      keys: Pickle.bytes([Pickle.emptyList, Pickle.text("0"), [0x61]]),
      storages: Pickle.little(4, 8) + [UInt8](repeating: 0, count: 16))
  }

  /// A list in a list in a list: objects of a byte or two each, of which files of weights have none.
  @Test func objectsGoWithTheSize() {
    let lists = [UInt8](repeating: 0x5D, count: 200_000)
    expectError(Self.legacy(lists), "objects, where a file of weights has a few for each tensor")
    expectError(
      Self.legacy([UInt8](repeating: 0x28, count: 1_100_000)), "values, where a file of weights has a few")
  }

  @Test func anHonestOneIsRead() throws {
    let source = try #require(try open(tensor(offset: 0, extents: [2, 2], strides: [2, 1])))
    #expect(source.layers.map(\.name) == ["a"] && source.layers[0].tensors[0].shape == [2, 2])
  }

  /// A view whose numbers are the storage's with their sign turned.
  @Test func viewsWithASignOfTheirOwnAreRefused() throws {
    func view(_ metadata: [UInt8]) -> [UInt8] {
      tensor(offset: 0, extents: [4], strides: [1], metadata: metadata)
    }
    let turned = Pickle.bytes([
      Pickle.emptyDictionary, Pickle.text("neg"), Pickle.true, Pickle.setItem,
    ])
    expectError(view(turned), "a sign or more of its own")
    for harmless in [Pickle.none, Pickle.emptyDictionary] { #expect(try open(view(harmless)) != nil) }
  }

  /// What a tensor is says its name, never what is left over.
  @Test(arguments: ["running_std", "weight_mask", "grad", "weigth", "kernel", "moving_mean"])
  func anUnknownNameIsNoParameter(leaf: String) throws {
    let bytes = tensor(offset: 0, extents: [4], strides: [1], name: "a." + leaf)
    let source = try #require(try open(bytes))
    #expect(source.layers[0].tensors[0].role == "." + leaf)
  }

  @Test func viewsBeyondTheirStorageAreRefused() {
    let huge = 1 << 62
    let views: [(offset: Int, extents: [Int], strides: [Int])] = [
      (1, [2, 2], [2, 1]), (0, [2, 2], [3, 1]), (4, [1], [1]), (-1, [1], [1]), (0, [2], [-1]),
      (0, [3, 3], [huge, huge]), (huge, [2], [1]),
      (0, [2_147_483_648, 2_147_483_648, 4], [1, 1, 1]), (0, [2], [1, 1]),
    ]
    for (offset, extents, strides) in views {
      expectError(tensor(offset: offset, extents: extents, strides: strides), "a tensor of storage 0")
    }
    // A few numbers that stand for any number of them.
    for (extents, strides) in [([1_099_511_627_776], [0]), ([4, 4], [0, 1])] {
      expectError(tensor(offset: 0, extents: extents, strides: strides), "as expand() makes it")
    }
  }

  @Test func storagesBeyondTheFileAreRefused() {
    expectError(
      tensor(offset: 0, extents: [4], strides: [1], count: 5), "storage 0: expected 5 elements, found 4")
    var cut = tensor(offset: 0, extents: [4], strides: [1])
    cut.removeLast(1)
    expectError(cut, "ends behind the file's end")
    expectError(
      Self.legacy(
        Pickle.bytes([Pickle.emptyDictionary, Pickle.text("a.weight"), Pickle.none, Pickle.setItem])),
      "without weights")
  }

  /// Names of Python that would run something if anybody let them.
  @Test(arguments: [
    ("os", "system"), ("builtins", "eval"), ("torch.storage", "_load_from_bytes"),
    ("numpy.core.multiarray", "scalar"),
    ("posix", "system"), ("torch", "load"), ("torch._C", "_initExtension"), ("functools", "partial"),
  ])
  func everyOtherNameIsRefused(module: String, name: String) {
    let call = Pickle.bytes([
      Pickle.name(module, name), Pickle.mark, Pickle.text("echo"), Pickle.endTuple, Pickle.reduce,
    ])
    expectError(Self.legacy(call), "asks for \(module).\(name)")
    let stacked = Pickle.bytes([Pickle.text(module), Pickle.text(name), [0x93]])
    expectError(Self.legacy(stacked), "asks for \(module).\(name)")
  }

  /// Lists in lists in lists, ten thousand deep and each holding the one before it a hundred times, are only numbers.
  @Test func nestingAndRepetitionCostNothing() {
    var body = Pickle.emptyList + Pickle.put(0)
    for level in 1...10_000 {
      body += Pickle.bytes([Pickle.emptyList, Pickle.put(level), Pickle.mark])
      for _ in 0..<100 { body += Pickle.get(level - 1) }
      body += [0x65]
    }
    expectError(Self.legacy(body), "found a list of 100 members")
    let tuples = Pickle.emptyList + [UInt8](repeating: 0x85, count: 60_000)
    expectError(Self.legacy(tuples), "found a list of 1 members")
    // A list in itself.
    expectError(
      Self.legacy(Pickle.bytes([Pickle.emptyList, Pickle.put(0), Pickle.get(0), [0x61]])),
      "found a list of 1 members")
  }

  @Test func countlessValuesAreRefused() {
    expectError(Self.legacy([UInt8](repeating: 0x5D, count: 1_200_000)), "more than 215,540 objects")
    expectError(Self.legacy([UInt8](repeating: 0x4E, count: 1_200_000)), "more than 1,048,576")
    var memo = Pickle.none
    for number in 0..<220_000 { memo += Pickle.put(number) }
    memo += [0x32] + [UInt8](repeating: 0x94, count: 1_100_000)
    // What is kept again under the same number is one value.
    #expect(throws: TorchWeightsError.self) { try self.open(Self.legacy(memo)) }
  }

  /// Instructions without what they need, and those that no file of weights has.
  @Test(
    arguments: [
      [0x52], [0x62], [0x65], [0x75], [0x73], [0x61], [0x74], [0x30], [0x31], [0x32], [0x51], [0x68, 0xFF],
      [0x93],
      [0x5D, 0x4E, 0x73], [0x82, 1], [0x69], [0x6F], [0x50], [0x49], [0x8B, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x58, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x28, 0x30], [0x63], [0x80, 9], [0x92],
    ] as [[UInt8]])
  func instructionsWithoutSenseAreRefused(code: [UInt8]) {
    #expect(throws: TorchWeightsError.self) { try self.open(Self.legacy(code)) }
  }
}

/// Pieces of pickles.
enum Pickle {
  static let mark: [UInt8] = [0x28]
  static let endTuple: [UInt8] = [0x74]
  static let reduce: [UInt8] = [0x52]
  static let none: [UInt8] = [0x4E]
  static let `true`: [UInt8] = [0x88]
  static let emptyList: [UInt8] = [0x5D]
  static let emptyDictionary: [UInt8] = [0x7D]
  static let setItem: [UInt8] = [0x73]
  static let magic: [UInt8] = [
    0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]
  static let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 0x03, 0x2E]

  static func bytes(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined()) }
  static func whole(_ body: [UInt8]) -> [UInt8] { bytes([[0x80, 2], body, [0x2E]]) }
  static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  static func int(_ value: Int) -> [UInt8] { bytes([[0x8A, 8], little(value, 8)]) }
  static func text(_ text: String) -> [UInt8] {
    bytes([[0x58], little(text.utf8.count, 4), Array(text.utf8)])
  }
  static func name(_ module: String, _ name: String) -> [UInt8] {
    bytes([[0x63], Array("\(module)\n\(name)\n".utf8)])
  }
  static func put(_ number: Int) -> [UInt8] { bytes([[0x72], little(number, 4)]) }
  static func get(_ number: Int) -> [UInt8] { bytes([[0x6A], little(number, 4)]) }
  static func tuple(_ members: [[UInt8]]) -> [UInt8] { bytes([mark] + members + [endTuple]) }
  static func storage(_ key: String, count: Int) -> [UInt8] {
    bytes([
      mark, text("storage"), name("torch", "FloatStorage"), text(key), text("cpu"), int(count), none,
      endTuple,
      [0x51],
    ])
  }
}
