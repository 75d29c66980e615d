import Testing
import Catalog

@Suite struct EmbeddedCatalogTests {
  @Test func knowsItsEntries() {
    #expect(
      EntryCatalog.embedded.identifiers == [
        "inception_v3", "inception_v3_v02", "mobilenet_v2", "resnet50", "squeezenet", "vgg16", "xception",
      ])
  }

  @Test(arguments: [
    ("resnet50", 23_587_712, 23_534_592), ("vgg16", 14_714_688, 14_714_688),
    ("xception", 20_861_480, 20_806_952), ("inception_v3", 21_802_784, 21_768_352),
    ("squeezenet", 722_496, 722_496), ("mobilenet_v2", 2_257_984, 2_223_872),
  ])
  func countsParameters(entry: String, total: Int, trainable: Int) throws {
    let counts = ParameterCounts(try EntryCatalog.embedded.entry(entry).graph().parameters())
    #expect(counts.total == total)
    #expect(counts.trainable == trainable)
  }

  @Test func everyVariantHasAGraph() throws {
    for identifier in EntryCatalog.embedded.identifiers {
      let entry = try EntryCatalog.embedded.entry(identifier)
      for variant in entry.variants {
        let graph = try entry.graph(variant: variant.name)
        let size = entry.defaultSize
        let shapes = try graph.activationShapes(height: size.height, width: size.width)
        #expect(shapes.count == graph.layers.count, "\(identifier) \(variant.name)")
      }
    }
  }

}
