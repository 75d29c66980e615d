import Encoding

/// What `model.summary()` tells of a network: its layers in a table, its parameters in three lines.
package struct Summary: Hashable, Sendable {
  /// One layer.
  package struct Row: Hashable, Sendable {
    package var name: String
    /// Keras's class name: `Conv2D`.
    package var type: String
    package var shape: ActivationShape
    package var parameters: Int
    /// The layers it reads.
    package var inputs: [String]

    package init(name: String, type: String, shape: ActivationShape, parameters: Int, inputs: [String]) {
      (self.name, self.type, self.shape, self.parameters, self.inputs) = (
        name, type, shape, parameters, inputs
      )
    }
  }

  /// Keras's `model.name`.
  package var modelName: String
  package var rows: [Row]
  package var counts: ParameterCounts

  /// The summary of a graph at an input size that may stay open.
  ///
  /// Parameters of the layers in `frozen` count as not trainable: those of a backbone under a head.
  package init(
    _ graph: LayerGraph, modelName: String, height: Int?, width: Int?, frozen: Set<String> = []
  ) throws(CatalogError) {
    let shapes = try graph.symbolicShapes(height: height, width: width)
    let parameters = try graph.parameters(height: height, width: width)
    var counts: [String: Int] = [:]
    for parameter in parameters { counts[parameter.layer, default: 0] += parameter.shape.elementCount }
    self.modelName = modelName
    self.counts = ParameterCounts(parameters, frozen: frozen)
    rows = zip(graph.layers, shapes).map { layer, shape in
      Row(
        name: layer.name, type: layer.operation.kerasClass, shape: shape, parameters: counts[layer.name] ?? 0,
        inputs: layer.inputs)
    }
  }

  /// Whether every layer reads the one before it and nothing else; Keras then leaves the connections out.
  package var isLinear: Bool {
    zip(rows.dropFirst(), rows).allSatisfy { $0.inputs == [$1.name] }
  }

  /// How a summary may look.
  package enum Style: String, CaseIterable, Sendable {
    /// As Keras 3 prints it.
    case keras3
    /// As tf.keras 2.13 and later print it.
    case keras2
    /// One line a layer, no frames.
    case compact
  }

  /// The summary as lines. Only Keras 3 looks at the width of the terminal, in columns.
  package func lines(_ style: Style, columns: Int = 120) -> [String] {
    switch style {
    case .keras3: Keras3Style(summary: self, columns: columns).lines
    case .keras2: Keras2Style(summary: self).lines
    case .compact: CompactStyle(summary: self, costs: nil).lines
    }
  }

  /// The compact summary with what each layer costs.
  package func lines(costs: [LayerCost]) -> [String] { CompactStyle(summary: self, costs: costs).lines }

  /// The summary with its input layer called as a framework calls the first one of a process. Entries use
  /// Keras 3's name.
  func namingInput(_ name: String) -> Summary {
    guard let first = rows.first, ["input_1", "input_layer"].contains(first.name) else { return self }
    var renamed = self
    renamed.rows = rows.map { row in
      var row = row
      if row.name == first.name { row.name = name }
      row.inputs = row.inputs.map { $0 == first.name ? name : $0 }
      return row
    }
    return renamed
  }
}

/// The size of `count` parameters of four bytes.
func memorySize(ofParameters count: Int, byteUnit: String = "B") -> String {
  memorySize(count.multipliedReportingOverflow(by: 4).partialValue, byteUnit: byteUnit)
}
