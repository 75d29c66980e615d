package import Foundation

/// Archives as small as they can be.
package enum Packing {
  package typealias File = (name: [UInt8], bytes: [UInt8])

  /// A tar archive of POSIX's form; names longer than its field are announced as GNU tar does.
  package static func tar(_ files: [File]) -> [UInt8] {
    files.flatMap { name, bytes in
      let announcement = name.count > 100 ? member("././@LongLink".utf8, type: "L", name + [0]) : []
      return announcement + member(name.prefix(100), type: "0", bytes)
    } + [UInt8](repeating: 0, count: 1024)
  }

  /// A zip archive of members that are stored as they are.
  package static func zip(_ files: [File]) -> [UInt8] {
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in files {
      let sizes =
        little(crc32(bytes), 4) + little(bytes.count, 4) + little(bytes.count, 4) + little(name.count, 2)
      directory += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + little(0, 8) + sizes
      directory += little(0, 12) + little(archive.count, 4) + name
      archive += little(0x0403_4B50, 4) + little(20, 2) + little(0, 8) + sizes + little(0, 2) + name + bytes
    }
    let counts = little(files.count, 2) + little(files.count, 2)
    let end = little(0x0605_4B50, 4) + little(0, 4) + counts + little(directory.count, 4)
    return archive + directory + end + little(archive.count, 4) + little(0, 2)
  }

  /// All files below a folder, by their paths inside it, each behind `prefix`.
  package static func files(below folder: URL, prefix: String = "") throws -> [File] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().compactMap { name in
      let place = folder.appending(path: name)
      var isFolder: ObjCBool = false
      guard unsafe FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { return nil }
      return (Array((prefix + name).utf8), [UInt8](try Data(contentsOf: place)))
    }
  }

  private static func member(
    _ name: some Collection<UInt8>, type: Unicode.Scalar, _ bytes: [UInt8]
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: some Collection<UInt8>, _ offset: Int) {
      block.replaceSubrange(offset..<offset + text.count, with: text)
    }
    func octal(_ number: Int, _ count: Int) -> String.UTF8View {
      let digits = String(number, radix: 8)
      return (String(repeating: "0", count: count - digits.count) + digits).utf8
    }
    put(name, 0)
    put("0000644".utf8, 100)
    put(octal(bytes.count, 11), 124)
    put("        ".utf8, 148)
    block[156] = UInt8(ascii: type)
    put("ustar\u{0}00".utf8, 257)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6), 148)
    block[154] = 0
    return block + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  private static func little(_ number: Int, _ count: Int) -> [UInt8] {
    ByteChange.little(UInt64(number), count)
  }

  private static func crc32(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }
}
