import Foundation
import HDF5
import TestSupport
import Testing

/// Chunks that are not what they should be: never is a byte given out that no chunk has.
@Suite struct CraftedChunkTests {
  typealias Entry = (count: Int, mask: Int, place: [Int], address: Int)

  /// 1, 2, 3, 4 as `float32`.
  private static let elements: [UInt8] = [1, 2, 3, 4].flatMap { little(Int(Float($0).bitPattern), 4) }
  /// The same 16 bytes as a zlib stream without compression: stored, with its Adler-32.
  private static let packed = stored(elements)

  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65521
      high = (high + low) % 65521
    }
    let adler = [high >> 8, high & 255, low >> 8, low & 255].map { UInt8($0) }
    return [0x78, 1, 1] + little(bytes.count, 2) + little(~bytes.count, 2) + bytes + adler
  }

  /// A dataset of one axis, of `extent` elements in chunks of 4; `tree` makes its B-tree.
  private func dataset(
    extent: Int = 4, chunk: Int = 4, filters: [(Int, [Int])] = [], surplus: Int = 0,
    tree: (inout FileBuilder) -> Int
  ) throws -> HDF5Dataset {
    var builder = FileBuilder()
    let place = tree(&builder)
    let message = filters.isEmpty ? [] : [Message.filters(filters)]
    let dataset = builder.dataset([extent], layout: chunked([chunk], tree: place), message)
    let root = builder.group([("kernel", dataset)])
    return try HDF5File(bytes: builder.file(root: root, surplus: surplus), name: "chunks.h5").root.dataset(
      "kernel")
  }

  private static func one(_ bytes: [UInt8], mask: Int = 0, count: Int? = nil) -> (inout FileBuilder) -> Int {
    { builder in
      let place = builder.append(bytes)
      return builder.append(chunkNode(level: 0, [(count ?? bytes.count, mask, [0], place)]))
    }
  }

  @Test func readsAChunkAndItsPadding() throws {
    #expect(try dataset(tree: Self.one(Self.elements)).bytes() == Self.elements)
    #expect(try dataset(extent: 3, tree: Self.one(Self.elements)).bytes() == Array(Self.elements.prefix(12)))
    #expect(try dataset(filters: [(1, [6])], tree: Self.one(Self.packed)).bytes() == Self.elements)
    #expect(try dataset(filters: [(1, [6])], tree: Self.one(Self.elements, mask: 1)).bytes() == Self.elements)
  }

  @Test(arguments: [
    ("stored short", [(1, [6])], Array(elements.prefix(8)), 1, "a chunk of 16 bytes has 8"),
    ("unpacked short", [(1, [6])], stored(Array(elements.prefix(8))), 0, "a chunk of 16 bytes has 8"),
    ("unpacked long", [(1, [6])], stored(elements + elements), 0, "unpacks to more than 16 bytes"),
    ("cut", [(1, [6])], Array(packed.prefix(20)), 0, "a compressed chunk is broken"),
    ("of another sum", [(1, [6])], Array(packed.dropLast()) + [0], 0, "a compressed chunk is broken"),
    ("without its checksum", [(3, [])], elements, 0, "checksum does not agree"),
    ("too short for one", [(3, [])], [1, 2, 3], 0, "too short for its checksum"),
  ])
  func refusesAChunk(
    how: String, filters: [(Int, [Int])], bytes: [UInt8], mask: Int, words: String
  ) throws {
    let dataset = try dataset(filters: filters, tree: Self.one(bytes, mask: mask))
    let error = #expect(throws: HDF5Error.self, "\(how)") { try dataset.bytes() }
    #expect(error?.family == .malformed)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("of another size", 8, [[0]], "a chunk of 16 bytes is stored in 8"),
    ("inside another", 16, [[2]], "a chunk that begins inside another"),
    ("beyond the edge", 16, [[8]], "a chunk at [2] of a grid of [2]"),
    ("again", 16, [[4], [0]], "the chunk at [0] is out of order"),
  ])
  func refusesATree(of what: String, count: Int, places: [[Int]], words: String) throws {
    let error = #expect(throws: HDF5Error.self, "\(what)") {
      try dataset(extent: 8) { builder in
        let entries = places.map { place -> Entry in (count, 0, place, builder.append(Self.elements)) }
        return builder.append(chunkNode(level: 0, entries))
      }
    }
    #expect(error?.family == .malformed)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  /// A tree of thirty levels, each node with the same child twice, would have a billion leaves.
  @Test func refusesTreesThatMeetAgain() throws {
    let error = #expect(throws: HDF5Error.self) {
      try dataset(extent: 8) { builder in
        let data = builder.append(Self.elements)
        var node = builder.append(chunkNode(level: 0, [(16, 0, [0], data)]))
        for level in 1...30 {
          let child: Entry = (16, 0, [0], node)
          node = builder.append(chunkNode(level: level, [child, child]))
        }
        return node
      }
    }
    #expect(error?.description.contains("is reached twice") == true, "\(error?.description ?? "")")
  }

  /// A chunk of 64 MiB for a dataset of 4 elements.
  @Test func refusesChunksFarLargerThanTheirDataset() throws {
    let error = #expect(throws: HDF5Error.self) {
      try dataset(chunk: 1 << 24, filters: [(1, [6])], tree: Self.one(Self.packed))
    }
    #expect(error?.family == .malformed)
    #expect(error?.description.contains("bytes of one chunk") == true, "\(error?.description ?? "")")
  }

  @Test func fillsWhatWasNeverWritten() throws {
    let dataset = try dataset(extent: 7) { builder in
      let data = builder.append(Self.elements)
      return builder.append(chunkNode(level: 0, [(16, 0, [4], data)]))
    }
    #expect(try dataset.bytes() == [UInt8](repeating: 0, count: 16) + Self.elements.prefix(12))
  }
}
