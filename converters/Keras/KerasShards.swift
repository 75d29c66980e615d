import Files
import Foundation
import HDF5

/// Weights that Keras 3.10 and later spread over several files: `NAME.weights.json` lists them.
struct KerasShards {
  private let contents: FileBytes
  /// Of files in the same folder, in their order.
  private let names: [String]

  private struct Index: Decodable {
    /// By the path of the variables.
    let files: [String: Names]

    enum CodingKeys: String, CodingKey { case files = "weight_map" }

    /// One name or several.
    struct Names: Decodable {
      let list: [String]

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let name = try? value.decode(String.self) {
          list = [name]
        } else {
          list = try value.decode([String].self)
        }
      }
    }
  }

  /// No list of files is longer.
  private static let mostBytes = 16 << 20

  /// Nil for any other JSON.
  init?(_ contents: FileBytes) throws(KerasWeightsError) {
    guard contents.byteCount <= Self.mostBytes else { return nil }
    let bytes = try readingFile { () throws(FileError) in
      try contents.bytes(at: 0, count: contents.byteCount)
    }
    guard let index = try? JSONDecoder().decode(Index.self, from: Data(bytes)) else { return nil }
    names = Set(index.files.values.flatMap(\.list)).sorted()
    self.contents = contents
    for name in names where name.isEmpty || name.contains("/") || name.contains("\\") || name.hasPrefix(".") {
      throw .damaged(
        place: contents.name, reason: "expected names of files in the same folder, found '\(name)'")
    }
  }

  func open(_ architecture: String?) throws(KerasWeightsError) -> any KerasSource {
    let folder = contents.name.lastIndex(of: "/").map { String(contents.name[...$0]) } ?? ""
    var files: [HDF5File] = []
    for name in names {
      files.append(try reading { () throws(HDF5Error) in try HDF5File(path: folder + name) })
    }
    return try KerasVariables(files, in: contents, .shards, architecture: architecture)
  }
}
