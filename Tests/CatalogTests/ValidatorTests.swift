import Catalog
import Foundation
import TestSupport
import Testing

/// What the validator proves of the catalog's entries, and what it says of broken ones.
@Suite struct ValidatorTests {
  @Test(arguments: EntryCatalog.embedded.identifiers)
  func provesEveryClaim(identifier: String) throws {
    let entry = try EntryCatalog.embedded.entry(identifier)
    #expect(entry.problems() == [])
  }

  @Test(arguments: EntryCatalog.embedded.identifiers)
  func everyEntryHasTheOneLayout(identifier: String) throws {
    let entry = try EntryCatalog.embedded.entry(identifier)
    #expect(entry.canonicalJSON == entry.json)
  }

  /// One edit to an entry, and the problem it makes: line and words.
  static let edits: [(entry: String, old: String, new: String, line: Int, words: String)] = [
    (
      "resnet50", "\"trainable\": 23534592", "\"trainable\": 23534593", 12,
      "trainable is 23534593; it is 23534592"
    ),
    ("resnet50", "\"output\": [7, 7, 2048], ", "", 12, "no claim of output; it is [7, 7, 2048]"),
    (
      "vgg16", "\"minimumSize\": [32, 32]", "\"minimumSize\": [31, 32]", 11,
      "31x32 is too small; the layers need 32x32"
    ),
    ("vgg16", "\"defaultSize\": [224, 224]", "\"defaultSize\": [31, 224]", 10, "below the minimum"),
    ("resnet50", "\"input\": \"conv1_pad\"", "\"input\": \"conv1_pat\"", 18, "it reads conv1_pat"),
    ("resnet50", "\"name\": \"conv1_bn\"", "\"name\": \"conv1_conv\"", 19, "the name is taken"),
    (
      "resnet50", "\"input\": \"pool1_pool\"", "\"input\": \"pool1_pad\"", 35, "expected equal shapes"
    ),
    (
      "resnet50", "\"sameAs\": \"conv2_block2\"", "\"sameAs\": \"conv2_block1\"", 51,
      "conv2_block3 has 10 layers, conv2_block1 12"
    ),
    (
      "resnet50", "\"input\": \"conv2_block3_1_relu\"", "\"input\": \"conv2_block3_1_bn\"", 54,
      "conv2_block3_2_conv reads conv2_block3_1_bn where conv2_block2_2_conv reads conv2_block2_1_relu"
    ),
    (
      "resnet50", "\"inputs\": [\"conv2_block1_0_bn\", ", "\"inputs\": [\"pool1_pool\", ", 33,
      "conv2_block1_0_bn: no layer reads it"
    ),
    (
      "resnet50", "\"omit\": [\"pool1_pad\"]", "\"omit\": [\"pool2_pad\"]", 238, "pool2_pad cannot be omitted"
    ),
    (
      "efficientnet_b0", "\"initial\": [\"normalization\"]", "\"initial\": [\"normalisation\"]", 292,
      "variant plain: initial names normalisation; expected a layer of the network"
    ),
    ("resnet50", "\"mean\": [103.939, ", "\"mean\": [", 9, "equally many"),
    ("vgg16", "\"identifier\": \"vgg16\"", "\"identifier\": \"VGG16\"", 3, "expected lower-case letters"),
    ("xception", "\"name\": \"keras1.1\"", "\"name\": \"today\"", 183, "the name is taken"),
  ]

  @Test(arguments: edits.indices)
  func namesLineAndReason(index: Int) throws {
    let edit = Self.edits[index]
    let problems = try problems(in: edit.entry, replacing: edit.old, with: edit.new)
    #expect(problems.contains { $0.line == edit.line && $0.text.contains(edit.words) }, "\(problems)")
  }

  /// One edit that makes a line unreadable.
  static let unreadable: [(entry: String, old: String, new: String, line: Int, words: String)] = [
    ("vgg16", "\"strides\": [1, 1]", "\"stride\": [1, 1]", 19, "did you mean \"strides\"?"),
    ("vgg16", "\"filters\": 64", "\"filters\": 0", 19, "filters is 0; expected 1 to 1048576"),
    ("vgg16", "\"filters\": 64", "\"filters\": \"64\"", 19, "filters: expected a whole number"),
    ("vgg16", "\"filters\": 64, ", "", 19, "the key \"filters\" is missing"),
    ("vgg16", "\"padding\": \"same\"", "\"padding\": \"full\"", 19, "expected one of valid, same"),
    ("vgg16", "\"op\": \"conv\"", "\"op\": \"convolve\"", 19, "expected one of input, conv"),
    ("vgg16", "\"kernel\": [3, 3]", "\"kernel\": [3]", 19, "expected rows and columns"),
    ("vgg16", "\"format\": 1", "\"format\": 2", 2, "expected 1"),
    ("vgg16", "\"title\"", "\"titel\"", 4, "did you mean \"title\"?"),
    ("vgg16", "\"bias\": true, ", "", 19, "the entry's defaults do not give it"),
    ("vgg16", "\"strides\": [1, 1],", "\"strides\": [1, 1]", 19, "no valid JSON"),
    ("vgg16", "\"name\": \"block1_conv1\"", "\"name\": \"\"", 19, "expected a name"),
    ("resnet50", "\"epsilon\": 1.001e-05", "\"epsilon\": 0", 13, "expected more than 0"),
    ("vgg16", "{\"top1\": 71.3, ", "{\"top1\": 713, ", 8, "top1 is 713.0; expected per cent, 100 at most"),
    ("vgg16", "\"source\": ", "\"sauce\": ", 8, "did you mean \"source\"?"),
    (
      "mobilenet_v2", "\"oddPadding\": [[1, 1], [1, 1]]", "\"oddPadding\": [[1, 1]]", 28,
      "oddPadding is [[1, 1]]; expected [[top, bottom], [left, right]]"
    ),
    ("resnet50", "[[3, 3], [3, 3]]", "[[3, 3], [3, -3]]", 17, "each 0 to"),
  ]

  @Test(arguments: unreadable.indices)
  func refusesUnreadableLines(index: Int) throws {
    let edit = Self.unreadable[index]
    let problems = try problems(in: edit.entry, replacing: edit.old, with: edit.new)
    #expect(problems.contains { $0.line == edit.line && $0.text.contains(edit.words) }, "\(problems)")
  }

  @Test func gathersAllProblems() throws {
    let json = try EntryCatalog.embedded.entry("vgg16").json
      .replacing("\"trainable\": 14714688", with: "\"trainable\": 1")
      .replacing("\"layers\": 19", with: "\"layers\": 20")
      .replacing("\"sameAs\": \"block4\"", with: "\"sameAs\": \"block3\"")
    #expect(try CatalogEntry(json: json).problems().map(\.line) == [12, 12, 41])
  }

  /// Truncated anywhere, an entry is refused and nothing else happens.
  @Test func refusesEveryTruncation() throws {
    let text = Array(try EntryCatalog.embedded.entry("vgg16").json.utf8)
    for length in 0..<(text.count - 2) {
      #expect(throws: CatalogError.self) {
        try CatalogEntry(json: String(decoding: text[..<length], as: UTF8.self))
      }
    }
  }

  /// Any byte changed, an entry is refused, found wrong, or reads as another legal one.
  @Test func survivesEveryChangedByte() throws {
    let text = Array(try EntryCatalog.embedded.entry("vgg16").json.utf8)
    for index in stride(from: 0, to: text.count, by: 7) {
      for byte: UInt8 in [0x20, 0x22, 0x39, 0x5B, 0x7D, 0xFF] {
        var changed = text
        changed[index] = byte
        guard let entry = try? CatalogEntry(json: String(decoding: changed, as: UTF8.self)) else { continue }
        _ = entry.problems()
      }
    }
  }

  private func problems(
    in identifier: String, replacing old: String, with new: String
  ) throws -> [CatalogProblem] {
    let json = try EntryCatalog.embedded.entry(identifier).json
    let range = try #require(json.range(of: old), "\(old) is not in the entry")
    let result = Result { () throws(CatalogError) in
      try CatalogEntry(json: json.replacingCharacters(in: range, with: new)).problems()
    }
    switch result {
    case .success(let problems): return problems
    case .failure(.invalidEntry(let problems)): return problems
    case .failure(let error): throw error
    }
  }
}
