import Foundation
import HDF5
import TestSupport
import Testing

/// Files that no library would write: each is refused in words, or read as what it is, at once and in little memory.
@Suite struct CraftedFileTests {
  private func open(_ bytes: [UInt8]) throws -> HDF5Group {
    try HDF5File(bytes: bytes, name: "crafted.h5").root
  }

  /// A file whose root has the attribute `names`: strings of any length in one heap.
  private func strings(_ heap: [UInt8], _ references: [(count: Int, number: Int)]) -> [UInt8] {
    var builder = FileBuilder()
    let place = builder.append(heap)
    let value = references.flatMap { reference($0.count, heap: place, $0.number) }
    let names = Message.attribute("names", type: variableStrings, [references.count], value)
    let root = builder.group([], [names])
    return builder.file(root: root)
  }

  @Test func readsStringsOfAnyLength() throws {
    let heap = globalHeap([(1, 5, Array("conv1".utf8)), (2, 4, Array("fc\0x".utf8))])
    #expect(try open(strings(heap, [(5, 1), (4, 2), (0, 1)])).strings("names") == ["conv1", "fc", ""])
  }

  @Test(arguments: [
    ("fewer bytes than the object has", [(2, 1)], "object 1 has 600 bytes where 2 are promised"),
    ("more bytes than the object has", [(700, 1)], "object 1 has 600 bytes where 700 are promised"),
    ("2 GiB", [(1 << 31, 1)], "object 1 has 600 bytes where 2,147,483,648 are promised"),
    ("an object that is not there", [(600, 7)], "it has no object 7"),
  ])
  func refusesStringsThatClaim(claim: String, references: [(Int, Int)], words: String) throws {
    let heap = globalHeap([(1, 600, [UInt8](repeating: 0x61, count: 600))])
    let root = try open(strings(heap, references))
    let error = #expect(throws: HDF5Error.self, "\(claim)") { try root.strings("names") }
    #expect(error?.family == .malformed)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("an object larger than the heap", globalHeap([(1, 1 << 31, [1])]), "object 1 has 2147483648 bytes"),
    ("free space that never ends", globalHeap([(0, 0, [])]), "free space of 0 bytes"),
    ("one number twice", globalHeap([(1, 1, [1]), (1, 1, [1])]), "it has object 1 twice"),
    ("no size", Array("GCOL".utf8) + [1, 0, 0, 0] + little(0, 8), "its size is 0"),
  ])
  func refusesHeapsWith(what: String, heap: [UInt8], words: String) throws {
    let root = try open(strings(heap, [(1, 1)]))
    let error = #expect(throws: HDF5Error.self, "\(what)") { try root.strings("names") }
    #expect(error?.family == .malformed)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  /// Four thousand times the same 256 KiB would be a gigabyte.
  @Test func refusesStringsThatGrowByRepetition() throws {
    let heap = globalHeap([(1, 1 << 18, [UInt8](repeating: 0x61, count: 1 << 18))])
    let root = try open(strings(heap, [(Int, Int)](repeating: (1 << 18, 1), count: 4000)))
    let error = #expect(throws: HDF5Error.self) { try root.strings("names") }
    guard case .limitExceeded(_, _, let limit, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(limit < 40 << 20)
  }

  /// The same by way of many objects that share one block of messages.
  @Test func refusesObjectsThatGrowByRepetition() throws {
    var builder = FileBuilder()
    let filling = Message(kind: 0, body: [UInt8](repeating: 0, count: 60_000))
    let block = FileBuilder.sealed(Array("OCHK".utf8) + filling.bytes)
    let place = builder.append(block)
    let objects = (0..<2000).map { ("\($0)", builder.group([], [.continuation(place, block.count)])) }
    let top = builder.group(objects)
    let root = try open(builder.file(root: top))
    let error = #expect(throws: HDF5Error.self) { for (name, _) in objects { _ = try root.group(name) } }
    #expect(error?.description.contains("read in all") == true, "\(error?.description ?? "")")
  }

  @Test func refusesHeadersThatContinueInThemselves() throws {
    var builder = FileBuilder()
    // The block begins at byte 48 and says that it continues there.
    let message = Message.continuation(48, 32)
    let block = FileBuilder.sealed(Array("OCHK".utf8) + message.bytes)
    #expect(block.count == 28)
    let same = FileBuilder.sealed(Array("OCHK".utf8) + Message.continuation(48, 28).bytes)
    #expect(builder.append(same) == 48)
    let root = builder.group([], [.continuation(48, 28)])
    let error = #expect(throws: HDF5Error.self) { try open(builder.file(root: root)) }
    #expect(error?.description.contains("the object header at byte 48 is reached twice") == true)
  }

  @Test func refusesOneNameForTwoChildren() throws {
    var builder = FileBuilder()
    let child = builder.group([])
    let root = builder.group([("a", child), ("a", child)])
    let error = #expect(throws: HDF5Error.self) { try open(builder.file(root: root)) }
    #expect(error?.description.contains("two children are called 'a'") == true)
  }

  @Test func readsOnlyTheNumbersOfIEEE() throws {
    var builder = FileBuilder()
    let data = builder.append([0, 0x3C])
    let strange = builder.dataset([1], type: float16WithBias, layout: contiguous(data, 2))
    let top = builder.group([("kernel", strange)])
    let root = try open(builder.file(root: top))
    let error = #expect(throws: HDF5Error.self) { try root.dataset("kernel") }
    #expect(error?.family == .mismatch)
    #expect(error?.description.contains("numbers of an unusual layout, of 2 bytes each") == true)
  }

  @Test(arguments: [
    ("behind the end", [4], 1 << 20, 16, "at most"),
    ("more than its size", [8], 48, 16, "promises 32 bytes, 16 are there"),
    ("beyond all bounds", [1 << 40, 1 << 40], 48, 16, "elements of a dataset"),
    ("before any bytes", [4], -8, 16, "an address in it is"),
  ])
  func refusesElements(place: String, extents: [Int], address: Int, count: Int, words: String) throws {
    var builder = FileBuilder()
    #expect(builder.append([UInt8](repeating: 0, count: 16)) == 48)
    let dataset = builder.dataset(extents, layout: contiguous(address, count))
    let top = builder.group([("kernel", dataset)])
    let root = try open(builder.file(root: top))
    let error = #expect(throws: HDF5Error.self, "\(place)") { try root.dataset("kernel") }
    #expect(error?.family == .malformed)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
