import Encoding
import Images

/// The text of a manifest: UTF-8, with names of files in any bytes, or UTF-16 as spreadsheets write it.
enum ManifestText {
  static func read(_ path: String) throws(DatasetError) -> String {
    let bytes: [UInt8]
    do throws(ImageError) { bytes = try ImageFile.read(path) } catch {
      if case .unreadable(let path, let reason) = error { throw .unreadable(path: path, reason: reason) }
      throw .malformedManifest(path: path, line: 0, detail: "\(error)")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      guard let text = wideText(of: bytes) else {
        throw .malformedManifest(
          path: path, line: 0, detail: "it begins as UTF-16, and has bytes that are none; save it as UTF-8")
      }
      return text
    }
    if let text = unmarkedWideText(of: bytes) { return text }
    var text = FileName.text(of: bytes)
    // Spreadsheets put a byte order mark ahead of everything.
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    return text
  }

  /// UTF-16 without a byte order mark; nil for what does not begin with two characters of ASCII in it.
  private static func unmarkedWideText(of bytes: [UInt8]) -> String? {
    let zeros = bytes.prefix(4).map { $0 == 0 }
    let isBigEndian = zeros == [true, false, true, false]
    guard isBigEndian || zeros == [false, true, false, true] else { return nil }
    return wideText(of: (isBigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]) + bytes)
  }

  /// What stands behind the byte order mark; nil for what is no UTF-16.
  private static func wideText(of bytes: [UInt8]) -> String? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let high = bytes[0] == 0xFE ? 0 : 1
    let units = stride(from: 2, to: bytes.count, by: 2).lazy.map { index in
      UInt16(bytes[index + high]) << 8 | UInt16(bytes[index + 1 - high])
    }
    return String(validating: units, as: UTF16.self)
  }
}
