import Reports
import Testing

@Suite struct TableTests {
  @Test func alignsColumns() {
    var table = Table([.init("NAME"), .init("PARAMETERS", .trailing), .init("NOTE")])
    table.append(["conv1_conv", "9,472", "first"])
    table.append(["猫", "0"])
    table.append(["two\nlines", "1,000,000,000", "x", "superfluous"])
    #expect(
      table.lines.joined(separator: "\n") == """
        NAME           PARAMETERS  NOTE
        ----------  -------------  -----
        conv1_conv          9,472  first
        猫                      0
        two lines   1,000,000,000  x
        """)
  }

  @Test func goesWithoutHeadings() {
    var table = Table([.init(""), .init("", .trailing)])
    table.append(["a", "1"])
    table.append(["bc", "22"])
    #expect(table.lines == ["a    1", "bc  22"])
  }

  @Test func anEmptyTableHasItsHeadings() {
    #expect(Table([.init("A"), .init("BC")]).lines == ["A  BC", "-  --"])
  }

  @Test func stylesTheHeadingsOnly() {
    var table = Table([.init("A")])
    table.append(["x"])
    #expect(table.styledLines == [StyledText("A", .bold), StyledText("-"), StyledText("x")])
  }

  /// Lines that are printed before the others are known have the room that was made for all.
  @Test func printsLineByLine() {
    var table = Table([.init("A"), .init("N", .trailing)])
    table.makeRoom(for: ["long name", "1,000"])
    #expect(table.lines == ["A              N", "---------  -----"])
    #expect(table.line(["b", "7"]) == "b              7")
    #expect(table.line(["longer than that"]) == "longer than that")
    #expect(table.lines.count == 2)
  }
}
