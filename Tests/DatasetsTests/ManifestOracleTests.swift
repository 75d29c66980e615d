import Datasets
import Foundation
import TestSupport
import Testing

/// Manifests that pandas has read.
@Suite struct ManifestOracleTests {
  struct Fixture: Decodable {
    let images: [String]
    let cases: [Case]
  }

  struct Case: Decodable {
    struct Columns: Decodable {
      var file: String?
      var label: String?
      var separator: String?
    }

    let about: String
    let name: String
    let bytes: Data
    /// The name in the manifest, the image, and the class.
    let rows: [[String]]
    let classes: [String]
    let say: Columns

    var columns: ManifestColumns {
      var columns = ManifestColumns()
      if let file = say.file { columns.file = file }
      if let label = say.label { columns.label = label }
      columns.separator = say.separator.flatMap { FieldSeparator($0) }
      return columns
    }
  }

  /// Rows, files and classes are those of pandas; nothing is left out.
  @Test func areReadAsPandasReadsThem() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.fixture("manifests/manifests.json")))
    let fixture = try JSONDecoder().decode(Fixture.self, from: data)
    try #require(fixture.cases.count >= 40)
    try withTemporaryFolder { root in
      let photos = root.appending(path: "photos")
      for image in fixture.images {
        let url = photos.appending(path: image)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: url)
      }
      for one in fixture.cases {
        let manifest = photos.appending(path: one.name)
        try one.bytes.write(to: manifest)
        let dataset: Dataset
        do { dataset = try Dataset(manifest: manifest.path, columns: one.columns) } catch {
          Issue.record("\(one.about): \(error)")
          continue
        }
        let found = dataset.items.map { item in
          [
            item.name, plain(item.path, below: photos.path),
            item.label.map { dataset.classes[$0] } ?? "-",
          ]
        }
        #expect(found == one.rows, "\(one.about)")
        #expect(dataset.classes == one.classes, "\(one.about)")
      }
    }
  }

  /// The image of a path, by the steps in it.
  private func plain(_ path: String, below folder: String) -> String {
    let steps = URL(fileURLWithPath: path).standardizedFileURL.path
    let root = URL(fileURLWithPath: folder).standardizedFileURL.path
    return String(steps.dropFirst(root.count + 1))
  }
}
