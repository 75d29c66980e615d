import Datasets
import Foundation
import TestSupport
import Testing

/// Manifests of every kind, damaged.
@Suite struct ManifestSweepTests {
  @Test(arguments: [
    ("m.csv", "filename,class\r\na.png,cats\r\n\"b,\"\"c.png\",\"dogs and\r\nmore\"\r\n"),
    ("m.tsv", "class\tfilename\ncats\ta.png\ndogs\tb.png\n"),
    (
      "m.jsonl",
      "{\"filename\": \"a.png\", \"class\": \"cats\"}\n{\"class\": \"d\\u00e9\", \"filename\": \"b.png\"}\n"
    ),
  ])
  func isReadOrRefused(name: String, text: String) throws {
    try withTemporaryFolder { folder in
      for image in ["a.png", "b.png", "b,\"c.png"] {
        try Data([1]).write(to: folder.appending(path: image))
      }
      let manifest = folder.appending(path: name)
      let sweep = try Sweep(of: Array(text.utf8), sample: 3, maySayOtherwise: true) { bytes in
        try Data(bytes).write(to: manifest)
        return try Dataset(manifest: manifest.path)
      }
      #expect(sweep.errors > 0)
    }
  }
}
