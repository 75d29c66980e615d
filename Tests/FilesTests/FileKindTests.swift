import Encoding
import Files
import Foundation
import TestSupport
import Testing

/// What people hold in place of the file they meant, each by its bytes.
@Suite struct FileKindTests {
  private static let zip: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26)
  private static let superblock: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  private static let kinds: [(bytes: [UInt8], kind: FileKind)] = [
    ([], .empty),
    ([0, 1, 2, 3], .unknown(firstBytes: [0, 1, 2, 3])),
    ([UInt8](repeating: 0, count: 1000), .zeros),
    ([2, 0, 0, 0, 0, 0, 0, 0] + text("{}"), .safetensors(headerByteCount: 2)),
    ([200, 0, 0, 0, 0, 0, 0, 0] + text("{\"a\":"), .safetensors(headerByteCount: 200)),
    (superblock, .hdf5(promised: 48)),
    (zip + text("archive/data.pkl") + [0x80, 2], .model(.pyTorch)),
    (zip + text("conv1_1_W.npy") + [0x93] + text("NUMPY"), .model(.numPyArchive)),
    (zip + text("metadata.json{}") + zip + text("config.json{}"), .model(.keras)),
    (zip + text("resnet50_weights_notop.h5") + superblock, .container(.zip)),
    ([0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18), .container(.zip)),
    ([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20], .model(.legacyPyTorch)),
    ([0x80, 4, 0x95, 0x0A], .model(.pickle)),
    ([0x93] + text("NUMPY"), .model(.numPy)),
    ([28, 0, 0, 0] + text("TFL3") + [0, 0], .model(.tensorFlowLite)),
    ([8, 7, 0x12, 7] + text("pytorch") + [0x1A], .model(.onnx)),
    ([8, 7, 0x12, 7, 1, 2, 3, 4, 5, 6, 7, 8], .unknown(firstBytes: [8, 7, 0x12, 7, 1, 2, 3, 4])),
    (
      [8, 1, 0x12, 0x8A, 0x95, 2, 0x0A, 0x81, 0x15, 0x12, 0xD1, 0x14] + text("....AssignVariableOp"),
      .model(.savedModelGraph)
    ),
    ([0x0A, 0x3A, 0x0A, 1] + text("x") + [0x12, 0x0B] + text("Placeholder*"), .model(.frozenGraph)),
    (
      [0x0A, 0x3A, 0x0A, 1] + text("x") + [0x12, 0xFF] + text("Placeholder"),
      .unknown(firstBytes: [0x0A, 0x3A, 0x0A, 1, 0x78, 0x12, 0xFF, 0x50])
    ),
    (text("GGUF") + [3, 0, 0, 0], .model(.gguf)),
    (
      [0, 0, 0x18, 8, 1] + [UInt8](repeating: 0, count: 100)
        + [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB], .model(.tensorFlowCheckpoint)
    ),
    ([0x1F, 0x8B, 8], .container(.gzip)),
    (text("weights.h5") + [UInt8](repeating: 0, count: 247) + text("ustar"), .container(.tar)),
    ([0xFF, 0xD8, 0xFF, 0xE0], .image(.jpeg)),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .image(.png)),
    (text("BM") + [0x46, 0, 0, 0], .image(.bmp)),
    (text("P6 1 1 255\n"), .image(.netpbm)),
    (text("P7\nWIDTH 1"), .text(firstLine: "P7")),
    (text("GIF89a"), .image(.gif)),
    (text("RIFF") + [4, 0, 0, 0] + text("WEBPVP8 "), .image(.webP)),
    ([0x4D, 0x4D, 0, 0x2A], .image(.tiff)),
    ([0, 0, 0, 24] + text("ftypheic"), .image(.heic)),
    ([0, 0, 0, 24] + text("ftypavif"), .image(.avif)),
    ([0, 0, 0, 24] + text("ftypmif1") + [0, 0, 0, 0] + text("mif1avif"), .image(.avif)),
    ([0, 0, 0, 24] + text("ftypmif1") + [0, 0, 0, 0] + text("mif1heic"), .image(.heic)),
    (text("%PDF-1.7"), .pdf),
    ([0, 5, 0x16, 7], .appleDouble),
    (text("\n <!DOCTYPE html><html>"), .html),
    (text("<?xml version=\"1.0\"?><Error>"), .xml),
    (text("{\"a\": 1}"), .json),
    (text("Not found\nreally"), .text(firstLine: "Not found")),
    (
      text("version https://git-lfs.github.com/spec/v1\noid sha256:fb1dd801\nsize 87596580\n"),
      .gitLFSPointer(oid: "sha256:fb1dd801", size: 87_596_580)
    ),
  ]

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(arguments: kinds)
  func tellsFromTheBytes(bytes: [UInt8], kind: FileKind) throws {
    #expect(try Self.facts(bytes).kind == kind)
  }

  /// No byte before the end of a file may be needed to say something of it.
  @Test(arguments: kinds)
  func tellsSomethingOfEveryBeginning(bytes: [UInt8], kind: FileKind) throws {
    for count in 0..<min(bytes.count, 64) {
      let facts = try Self.facts(Array(bytes.prefix(count)))
      #expect(facts.byteCount == count)
      #expect((facts.kind == .empty) == (count == 0), "\(count) bytes: \(facts.kind)")
    }
  }

  @Test func saysWhatToDo() throws {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:fb1dd801\nsize 87596580\n"
    #expect(
      try Self.facts(Self.text(pointer)).explanation
        == "a Git LFS pointer of 77 bytes; the real file has 87,596,580 bytes and the object id sha256:fb1dd801: run"
        + " 'git lfs pull'")
    #expect(
      try Self.facts(Self.zip + Self.text("archive/data.pkl")).explanation
        == "a PyTorch file: convert it first")
    #expect(
      try Self.facts([1, 2, 3], name: "w.h5.data-00000-of-00001").explanation
        == "3 bytes that lie as those of a TensorFlow checkpoint do: build the model in Python with tf_keras (pip install tf_keras),"
        + " and run model.load_weights('NAME') and model.save_weights('weights.h5'), NAME without '.index'")
  }

  /// What a file's first line says to a terminal is shown, not obeyed.
  @Test func showsControlCharactersInstead() throws {
    #expect(FileKind.text(firstLine: "a\u{9B}2Jb").words == "a text that begins 'a\\u{9B}2Jb'")
    #expect("\u{1B}[31mred\u{202E}".printable == "\\u{1B}[31mred\\u{202E}")
    #expect("Größe 7 🙂".printable == "Größe 7 🙂")
  }

  /// Of old and new superblocks, also with a user's block before them; the new one has a block of 512 bytes already.
  @Test(arguments: ["superblock_earliest", "superblock_latest"])
  func countsWhatAnHDF5FilePromises(name: String) throws {
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: Repository.fixture("hdf5/\(name).h5"))))
    #expect(try Self.facts(bytes).kind == .hdf5(promised: bytes.count))
    for block in name == "superblock_latest" ? [512, 1536, 3584] : [512, 1024, 8192] {
      let note = Self.text("a note") + [UInt8](repeating: 0, count: block - 6)
      #expect(try Self.facts(note + bytes).kind == .hdf5(promised: bytes.count + block))
    }
    let cut = try Self.facts(Array(bytes.dropLast()))
    #expect(cut.missingByteCount == 1 && cut.name == "hdf5-truncated")
  }

  @Test func knowsFoldersAndMissingFiles() throws {
    try withTemporaryFolder { folder in
      #expect(try FileFacts(path: folder.path).kind == .folder)
      try Data([8, 1]).write(to: folder.appending(path: "saved_model.pb"))
      #expect(try FileFacts(path: folder.path).kind == .model(.savedModel))
      let missing = FileError.unreadable(path: "/nowhere/w", reason: "no such file or folder; check the path")
      #expect(throws: missing) { try FileFacts(path: "/nowhere/w") }
    }
  }

  private static func facts(_ bytes: [UInt8], name: String = "file") throws -> FileFacts {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: name)
      try Data(bytes).write(to: file)
      return try FileFacts(path: file.path)
    }
  }
}
