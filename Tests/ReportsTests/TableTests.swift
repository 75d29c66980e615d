import Reports
import Testing

@Suite struct TableTests {
  /// The widest texts lose their middle; numbers stay whole, and where nothing more can go the table is wider than asked for.
  @Test(arguments: [200, 60, 40, 30, 10])
  func fitsTheTerminal(width: Int) {
    var table = Table([Table.Column("image"), Table.Column("class"), Table.Column("share", .trailing)])
    let names = ["photographs/holiday/2019/img_0001.jpg", "猫の写真/とても長い名前の写真/猫.jpg", "a.jpg"]
    for name in names { table.append([name, "n02085620-Chihuahua", "100.00 %"]) }
    let lines = table.fitting(width).lines
    let widest = lines.map(displayWidth).max() ?? 0
    #expect(widest <= max(width, 36), "\(lines)")
    #expect(lines.dropFirst(2).allSatisfy { $0.hasSuffix("  100.00 %") })
    #expect(Set(lines.map(displayWidth)).count == 1)
    if width == 200 { #expect(lines == table.lines && lines == table.fitting(nil).lines) }
    if width == 40 {
      #expect(lines[2].hasPrefix("phot") && lines[2].contains("…") && lines[2].contains("01.jpg "))
      #expect(lines[4].hasPrefix("a.jpg  "))
    }
    var streamed = Table([Table.Column("image"), Table.Column("class"), Table.Column("share", .trailing)])
    for name in names { streamed.makeRoom(for: [name, "n02085620-Chihuahua", "100.00 %"]) }
    streamed = streamed.fitting(width)
    #expect(
      names.map { streamed.line([$0, "n02085620-Chihuahua", "100.00 %"]) } == Array(lines.dropFirst(2)))
  }

  @Test func alignsColumns() {
    var table = Table([.init("NAME"), .init("PARAMETERS", .trailing), .init("NOTE")])
    table.append(["conv1_conv", "9,472", "first"])
    table.append(["猫", "0"])
    table.append(["two\nlines", "1,000,000,000", "x", "superfluous"])
    #expect(
      table.lines.joined(separator: "\n") == """
        NAME              PARAMETERS  NOTE
        -------------  -------------  -----
        conv1_conv             9,472  first
        猫                         0
        two\\u{A}lines  1,000,000,000  x
        """)
    #expect(Table([.init("as a\nforged")]).lines.first == "as a\\u{A}forged")
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
