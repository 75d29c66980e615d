import Foundation
import Reports
import TestSupport
import Testing

@Suite struct PageTests {
  private static let hostile = "<img src=x onerror=\"alert('1')\">&lt;\u{202E}gpj\u{0}.\r\njpg"

  private func page(_ name: String = hostile) -> Page {
    let image = Page.Image(png: [137, 80, 78, 71], width: 3, height: 2, alternative: name)
    let plot = LinePlot(title: name, xLabel: name, series: [LinePlot.Series(name, [1, 2])])
    return Page(
      .audit,
      title: name, subtitle: name, tiles: [Page.Tile(name, name)],
      sections: [
        Page.Section(
          name,
          [
            .paragraph(name), .facts([(name, name)]), .table([Table.Column(name)], rows: [[name]]),
            .plot(plot.drawing()), .grid([.column([.paragraph(name)]), .warning(name)]),
            .fold(name, [.code(name)]), .code(name),
            .figures([Page.Figure(images: [image], headline: name, details: [name])]),
          ])
      ], footer: name)
  }

  @Test func namesNeverBecomeMarkup() throws {
    let html = page().html()
    try WellFormedness.check(html)
    #expect(!html.contains("<img src=x"))
    #expect(!html.contains("onerror=\""))
    for scalar in ["\u{202E}", "\u{0}"] { #expect(!html.contains(scalar)) }
    #expect(html.contains("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;lt;"))
  }

  @Test func nothingIsFetchedAndNothingRuns() {
    let html = page("cats").html()
    #expect(!html.lowercased().contains("<script"))
    #expect(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\""))
    let links = html.replacing("http://www.w3.org/2000/svg", with: "")
    #expect(!links.contains("http:") && !links.contains("https:") && !links.contains("url("))
    #expect(html.contains("prefers-color-scheme:dark"))
    #expect(html.contains("src=\"data:image/png;base64,iVBORw==\" width=\"3\" height=\"2\" alt=\"cats\""))
  }

  /// What is written from right to left does not draw the numbers behind it ahead of it.
  @Test(arguments: [
    ("cats 83.30 %", "cats 83.30 %"),
    ("قطة منزلية 83.30 %, no <1 %", "<bdi>قطة منزلية</bdi> 83.30 %, no &lt;1 %"),
    ("class חתול", "class <bdi>חתול</bdi>"), ("собака 1", "собака 1"), ("קט<", "<bdi>קט</bdi>&lt;"), ("", ""),
    ("قطة منزلية, predicted as horses", "<bdi>قطة منزلية</bdi>, predicted as horses"),
    ("قطة/011.jpg", "<bdi>قطة</bdi>/011.jpg"), ("א, ב-ג 1 ד", "<bdi>א</bdi>, <bdi>ב-ג</bdi> 1 <bdi>ד</bdi>"),
  ])
  func wordsFromRightToLeftStandByThemselves(text: String, html: String) {
    #expect(Markup.isolated(text) == html)
  }

  @Test func theSamePageIsTheSameText() { #expect(page().html() == page().html()) }

  @Test func linesOfCodeStayLines() {
    let page = Page(
      .choice,
      title: "", subtitle: "", tiles: [], sections: [Page.Section("", [.code("a --b-c \\\n  d")])], footer: ""
    )
    #expect(
      page.html().contains(
        "<pre>a <span>--b-c</span> \\\n  d</pre>"))
  }
}
