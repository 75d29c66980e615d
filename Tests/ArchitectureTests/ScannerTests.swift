import Testing

/// The scanner is code too: a rule that cannot see proves nothing.
@Suite struct ScannerTests {
  @Test(arguments: [
    ("a // b\nc", "a     \nc"),
    ("a /* b /* c */ d */ e", "a                   e"),
    (#"f("x // y")"#, #"f("      ")"#),
    (#"f("a\"b") + c"#, #"f("    ") + c"#),
    (#"f("a\(b("c"))d") e"#, #"f("   b(" ")  ") e"#),
    (##"f(#"a"b\n"#) g"##, ##"f(#"     "#) g"##),
    ("\"\"\"\n  a \"b\" {\n  \"\"\" c", "\"\"\"\n         \n  \"\"\" c"),
  ])
  func blanksCommentsAndStrings(text: String, expected: String) {
    #expect(SourceFile(path: "", text: text).code == expected)
  }

  @Test func findsStrings() {
    let file = SourceFile(path: "", text: #"f("a --b \(g("c")) d") // "e""#)
    #expect(file.strings == ["c", "a --b  d"])
  }

  @Test func measuresFunctions() {
    let file = SourceFile(
      path: "",
      text: """
        protocol P {
          func required(_ a: Int) -> Int
          init()
        }
        struct S {
          init(a: Int) { self.init() }
          private static func long(
            _ body: () -> Void = { }
          ) -> Int
          where A: B {
            if true {
              return S.init(a: 1)
            }
          }
          subscript(index: Int) -> Int {
            1
          }
          func tail() {
          }
        }
        """)
    let lengths = file.functionLengths()
    #expect(lengths.map(\.name) == ["init", "long", "subscript", "tail"])
    #expect(lengths.map(\.lines) == [1, 8, 3, 2])
    #expect(lengths.map(\.line) == [6, 7, 15, 18])
  }

  @Test func countsLines() {
    #expect(SourceFile(path: "", text: "a\nb\n").lineCount == 2)
    #expect(SourceFile(path: "", text: "a\nb").lineCount == 2)
  }
}
