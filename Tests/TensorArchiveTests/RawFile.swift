import Encoding
import Files
import Foundation
import TensorArchive
import Testing

/// Safetensors files made by hand, good and bad.
enum RawFile {
  /// Length field, header, payload.
  static func bytes(_ header: String, payload: [UInt8] = []) -> [UInt8] {
    bytes(Array(header.utf8), payload: payload)
  }

  static func bytes(_ header: [UInt8], length: Int? = nil, payload: [UInt8] = []) -> [UInt8] {
    let length = length ?? header.count
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + payload
  }

  /// Opens `bytes` as a file called `name`.
  static func open(_ bytes: [UInt8], in folder: URL, name: String = "x.safetensors") throws -> Archive {
    let path = folder.appending(path: name).path
    try write(bytes, to: path)
    return try Archive(contentsOf: path)
  }

  /// Writes a new file without waiting for the disk, as `Data` would, thousands of times in a sweep.
  private static func write(_ bytes: [UInt8], to path: String) throws {
    unsafe unlink(path)
    let file = try unsafe #require(unsafe fopen(path, "w"))
    defer { unsafe fclose(file) }
    let written = unsafe fwrite(bytes, 1, bytes.count, file)
    try #require(written == bytes.count)
  }

  /// The error that opening `bytes` gives, with the path left out.
  static func refusal(_ bytes: [UInt8], in folder: URL) -> ArchiveError? {
    do {
      _ = try open(bytes, in: folder)
      return nil
    } catch {
      return error as? ArchiveError
    }
  }

  /// The golden archive with `text` in its header replaced by another of any length, and sealed again.
  static func golden(replacing text: String, with replacement: String) throws -> [UInt8] {
    let golden = [UInt8](try Data(contentsOf: URL(fileURLWithPath: GoldenArchiveTests.path)))
    let length = golden[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: golden[8..<(8 + length)], as: UTF8.self)
    precondition(header.contains(text), "the golden header has no \(text)")
    var changed = bytes(header.replacingOccurrences(of: text, with: replacement))
    changed.replaceSubrange(47..<111, with: [UInt8](repeating: UInt8(ascii: "0"), count: 64))
    var digest = SHA256()
    changed.withRawSpan { digest.update($0) }
    changed.replaceSubrange(47..<111, with: Array(digest.hexadecimal.utf8))
    return changed + golden[(8 + length)...]
  }
}
