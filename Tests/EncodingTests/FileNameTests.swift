import Encoding
import Testing

/// Names of files that are not UTF-8.
@Suite struct FileNameTests {
  @Test func everyBytesComeBack() {
    var state: UInt32 = 1
    func next() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state >> 16
    }
    // Mostly bytes that begin, continue and break characters, those of the scalars that stand for bytes among them.
    let frequent: [UInt8] = [0xF4, 0x8F, 0x9E, 0xBF, 0x80, 0xC3, 0xE7, 0x41, 0xED, 0xA0]
    for _ in 0..<5000 {
      let bytes = (0..<next() % 9).map { _ in
        next() % 2 == 0 ? frequent[Int(next() % 10)] : UInt8(truncatingIfNeeded: next() | 1)
      }
      let text = FileName.text(of: bytes)
      #expect(FileName.bytes(of: text) == bytes, "\(bytes)")
      #expect(FileName.text(of: FileName.bytes(of: text)) == text)
      if let plain = String(validating: bytes, as: UTF8.self), !bytes.contains(0xF4) {
        #expect(text == plain && !text.hasBytes)
      }
    }
  }

  @Test func peopleAreShownTheBytes() {
    let name = FileName.text(of: [0xB9, 0xB7] + Array("/caf".utf8) + [0xE9] + Array(" é.jpg".utf8))
    #expect(name.escapingBytes == "\\xB9\\xB7/caf\\xE9 é.jpg")
    #expect(name.printable == name.escapingBytes)
    #expect(JSON.string(name).compact == "\"\\\\xB9\\\\xB7/caf\\\\xE9 é.jpg\"")
    #expect(name.split(separator: "/").count == 2 && name.hasSuffix(".jpg"))
    #expect("é猫".escapingBytes == "é猫")
  }

  /// What `sorted(map(os.fsdecode, names))` gave in Python.
  @Test func theOrderIsPythons() {
    let sorted: [[UInt8]] = [
      [0x61], [0x61, 0x80, 0x62], [0x61, 0xFF], [0x7A], Array("é".utf8), Array("猫".utf8), [0xB9, 0xB7],
      [0xE7, 0x8C], Array("ﾮ".utf8), Array("😀".utf8),
    ]
    let names = sorted.map(FileName.text)
    #expect(names.reversed().sorted(by: FileName.precedes) == names)
  }
}
