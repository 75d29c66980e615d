import Catalog
import Foundation
import TestSupport
import Testing

/// Settings of layers that are no such settings, and numbers that Python's JSON has and others do not.
@Suite struct SettingTests {
  private func network(
    _ className: String, _ config: String, rest: String = "", named name: String = "odd"
  ) throws -> DraftedNetwork {
    try DraftedNetwork(
      json: """
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
         {"class_name": "InputLayer", "config": {"name": "image", "batch_shape": [null, 8, 8, 3]}},
         {"class_name": "\(className)", "config": {"name": "\(name)", \(config)}}]}\(rest)}
        """)
  }

  /// What was found stands as it was written, so that a text is no number, and beside it what was expected.
  @Test(arguments: [
    (
      "Conv2D", #""filters": "7", "kernel_size": 3, "strides": 1, "padding": "valid""#,
      #"filters is "7"; expected a whole number from 1 to 1,048,576"#
    ),
    ("Dense", #""units": 0.5"#, "units is 0.5; expected a whole number from 1 to 1,048,576"),
    (
      "Conv2D", #""filters": 7, "kernel_size": [3, 3, 3], "strides": 1, "padding": "valid""#,
      "kernel_size is [3, 3, 3]; expected one or two whole numbers from 1 to 4,096"
    ),
    (
      "Conv2D", #""filters": 7, "kernel_size": 3, "strides": 1, "padding": "causal""#,
      #"padding is "causal"; expected "valid" or "same""#
    ),
    ("BatchNormalization", #""axis": []"#, "axis is []; expected the last alone, -1 or 3"),
    ("LayerNormalization", #""axis": [2, 3]"#, "axis is [2, 3]; expected the last alone, -1 or 3"),
    ("BatchNormalization", #""axis": "3""#, #"axis is "3"; expected the last alone, -1 or 3"#),
    ("BatchNormalization", #""scale": "yes""#, #"scale is "yes"; expected true or false"#),
    ("BatchNormalization", #""epsilon": NaN"#, "epsilon is NaN; expected a finite number above 0"),
    ("BatchNormalization", #""epsilon": Infinity"#, "epsilon is Infinity; expected a finite number above 0"),
    ("LeakyReLU", #""negative_slope": -Infinity"#, "negative_slope is -Infinity; expected a finite number"),
    (
      "Rescaling", #""scale": [1, NaN, 1]"#,
      "scale is [1, NaN, 1]; expected a finite number, or a list of them"
    ),
    (
      "MaxPooling2D", #""pool_size": 2, "data_format": "channels_first""#,
      #"data_format is "channels_first"; expected channels_last"#
    ),
  ])
  func whatIsNoSettingIsQuoted(className: String, config: String, problem: String) throws {
    #expect(throws: CatalogError.unsupportedLayers(["odd (\(className)): \(problem)"])) {
      try network(className, config)
    }
  }

  @Test func onlyEntriesPadOddSizesOtherwise() throws {
    for more in ["", #", "": [[5, 5], [5, 5]]"#, #", "oddPadding": [[5, 5], [5, 5]]"#] {
      let found =
        try network("ZeroPadding2D", "\"padding\": [[1, 1], [1, 1]]\(more)").graph["odd"]?.operation
        as? ZeroPadding2D
      #expect(found?.padding == EdgeInsets(top: 1, bottom: 1, left: 1, right: 1) && found?.oddPadding == nil)
    }
  }

  /// One mean and one variance are the same over any axes; of one a channel the last is among them.
  @Test(arguments: ["[]", "[1, 2, 3]", "-1", "null"]) func oneNumberIsNormalizedByOverAnyAxes(axis: String)
    throws
  {
    let one = try network("Normalization", "\"axis\": \(axis), \"mean\": 0.5, \"variance\": 0.25")
    #expect((one.graph["odd"]?.operation as? Normalization)?.mean == [0.5])
    let several = "\"axis\": \(axis), \"mean\": [1, 2, 3], \"variance\": [1, 2, 3]"
    if axis == "[]" {
      #expect(throws: CatalogError.self) { try network("Normalization", several) }
    } else {
      #expect(try network("Normalization", several).graph.layers.count == 2)
    }
  }

  /// Numbers that are not finite are read where nothing is computed with them, and where they mean that there is no limit.
  @Test func numbersThatAreNotFiniteAreReadWhereTheyDoNotMatter() throws {
    let config =
      #""max_value": Infinity, "note": "a \"NaN\" is -Infinity\\", "kernel_initializer": {"config": {"value": NaN}}"#
    let rest = #", "compile_config": {"optimizer": {"config": {"learning_rate": -Infinity}}, "loss": "mse"}"#
    let network = try network("ReLU", config, rest: rest, named: "Infinity")
    #expect(network.graph["Infinity"]?.operation as? ReLU == ReLU())
    #expect(
      CompiledLoss(json: "{\"compile_config\": {\"loss\": \"mse\", \"loss_weights\": [NaN]}}")?.isOfRegression
        == true)
  }

  /// Python refuses a key that is no string, and reads half of a surrogate pair.
  @Test func keysAreStringsAndHalvesOfPairsAreRead() {
    for key in ["Infinity", "1", "true", "null"] {
      for between in ["", " "] {
        let json = "{\"loss\": \"mse\", \"other\": {\(key)\(between): 1}}"
        #expect(CompiledLoss(json: json) == nil, "\(json)")
      }
    }
    let texts = [
      #""\ud800""#: "\u{FFFD}", #""a\uDC00\ud83dx""#: "a\u{FFFD}\u{FFFD}x", #""\ud83d\ude00""#: "\u{1F600}",
      #""\\ud800\ud800\ud83d\ude00""#: "\\ud800\u{FFFD}\u{1F600}", #""\ud83d\n\ude00""#: "\u{FFFD}\n\u{FFFD}",
    ]
    for (json, text) in texts { #expect(CompiledLoss(json: "{\"loss\": \(json)}")?.name == text, "\(json)") }
    for json in [#""\ud80""#, #""\uzzzz""#, #""\ud800\u12""#] {
      #expect(CompiledLoss(json: "{\"loss\": \(json)}") == nil, "\(json)")
    }
  }

  /// What is no number of a setting that may be absent is not taken for an absent one.
  @Test func limitsOfNothingAreLimits() throws {
    let zero = try network("ReLU", "\"max_value\": 0")
    #expect((zero.graph["odd"]?.operation as? ReLU)?.maxValue == 0)
    let none = try network("ReLU", "\"max_value\": null")
    #expect((none.graph["odd"]?.operation as? ReLU) == ReLU())
    for word in ["-1", "-Infinity", "NaN", "\"6\"", "[6]"] {
      #expect(throws: CatalogError.self, "\(word)") { try network("ReLU", "\"max_value\": \(word)") }
    }
    for word in ["\"0.5\"", "{}", "[]", "[1, null]"] {
      #expect(throws: CatalogError.self, "\(word)") {
        try network("Normalization", "\"axis\": -1, \"mean\": \(word), \"variance\": 1")
      }
    }
  }

  /// Python reads numbers that are too large as infinite ones.
  @Test(arguments: ["1e999", "2e308", "Infinity"]) func numbersWithoutLimitAreInfinite(word: String) throws {
    let network = try network("ReLU", "\"max_value\": \(word)")
    #expect((network.graph["odd"]?.operation as? ReLU) == ReLU())
    #expect(throws: CatalogError.self) { try self.network("ReLU", "\"max_value\": -\(word)") }
  }

  /// What Python refuses is refused, whatever other readers of JSON make of it: hexadecimal numbers, zeros ahead, commas behind.
  @Test(arguments: [
    "Infinite", "-Inf", "nan", "NaNs", "+Infinity", "--Infinity", "0x1F", "0X1p3", "-0x10", "06", "-06", "+6",
    "6.", ".6", "6e",
    "6e+", "1_000", "6d", "６", "True", "None", "[6,]", "{\"a\": 6,}", "-",
  ])
  func noOtherWordIsANumber(word: String) throws {
    let error = #expect(throws: CatalogError.self) { try network("ReLU", "\"max_value\": \(word)") }
    #expect(error?.description.contains("no JSON") == true)
  }

  /// Keras 2 writes which axis it is, Keras 3 may: behind a dense layer, the last is the first behind the batch's.
  @Test(arguments: [
    ("BatchNormalization", "[1]"), ("LayerNormalization", "[1]"), ("Softmax", "1"), ("Softmax", "-1"),
    ("UnitNormalization", "1"),
  ])
  func theLastAxisIsThatOfWhatIsRead(className: String, axis: String) throws {
    func network(_ flattens: Bool) throws -> DraftedNetwork {
      let first = flattens ? #"{"class_name": "Flatten", "config": {"name": "flat"}},"# : ""
      return try DraftedNetwork(
        json: """
          {"class_name": "Sequential", "config": {"name": "net", "layers": [
           {"class_name": "InputLayer", "config": {"name": "image", "batch_shape": [null, 8, 8, 3]}}, \(first)
           {"class_name": "\(className)", "config": {
             "name": "last", "axis": \(axis), "epsilon": 0.1, "scale": true, "center": true}}]}}
          """)
    }
    #expect(try network(true).graph.layers.count == 3)
    if axis != "-1" { #expect(throws: CatalogError.self) { try network(false) } }
  }
}
