import Catalog
import Testing

/// Kerases that enlarge images linearly to other pixels are refused, and those that knew the nearest pixel alone are read.
@Suite struct EarlyResizingTests {
  private func network(_ interpolation: String?, version: String?) throws -> DraftedNetwork {
    let way = interpolation.map { #", "interpolation": "\#($0)""# } ?? ""
    let said = version.map { #""keras_version": "\#($0)", "# } ?? ""
    let layers = """
      {"class_name": "InputLayer", "name": "in", "config": {"batch_input_shape": [null, 8, 8, 3], "name": "in"}, "inbound_nodes": []},
      {"class_name": "UpSampling2D", "name": "up", "config": {"name": "up", "size": [2, 2], "data_format": "channels_last"\(way)},
       "inbound_nodes": [[["in", 0, 0, {}]]]},
      {"class_name": "GlobalAveragePooling2D", "name": "pool", "config": {"name": "pool"}, "inbound_nodes": [[["up", 0, 0, {}]]]}
      """
    return try DraftedNetwork(
      json: """
        {\(said)"class_name": "Model", "config": {"name": "m", "layers": [\(layers)], "input_layers": [["in", 0, 0]],
         "output_layers": [["pool", 0, 0]]}}
        """)
  }

  @Test(arguments: ["2.2.3", "2.2.4", "2.3.1", "2.1.6-tf", "2.2.4-tf"])
  func linearResizingOfEarlyKerasesIsRefused(version: String) throws {
    let error = try #require(
      #expect(throws: CatalogError.self) { try network("bilinear", version: version) })
    let words = error.description
    #expect(words.contains("up (UpSampling2D)") && words.contains("Keras \(version)"), "\(words)")
    #expect(words.contains("expected one that measures from the centres of pixels"))
    #expect(try network("nearest", version: version).graph.layers.count == 3)
  }

  @Test(arguments: ["2.3.0-tf", "2.4.0", "2.15.0", "3.0.0", nil])
  func linearResizingOfLaterOnesIsRead(version: String?) throws {
    let up = try network("bilinear", version: version).graph.layers[1].operation as? UpSampling2D
    #expect(up?.interpolation == .bilinear)
  }

  @Test(arguments: ["2.0.8", "2.1.6", "2.2.2"]) func nothingSaidIsTheNearestPixel(version: String) throws {
    let up = try network(nil, version: version).graph.layers[1].operation as? UpSampling2D
    #expect(up?.interpolation == .nearest && up?.size == Extent(2, 2))
  }
}
