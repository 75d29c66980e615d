import Catalog
import Tensors

extension InputLayer: Expressible {
  /// The image, which ``ONNXModel`` has brought to what the network reads.
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.image }
}

extension Flatten: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    guard input.shape.rank > 1 else { return input }
    let x = input.isPixel ? graph.read(input) : graph.read(input, .channelsLast)
    let name = graph.append("Flatten", [x], at: layer.name, [.init("axis", .integer(1))])
    return Value(name: name, shape: graph.shape(of: layer))
  }
}

extension Reshape: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    var result = Value(name: "", shape: graph.shape(of: layer))
    // One pixel is one in any order; convolutions read channels first.
    if result.isPixel { result.order = .channelsFirst }
    let x = input.isPixel ? graph.read(input) : graph.read(input, .channelsLast)
    result.name = graph.reshape(x, to: result.ordered(result.shape.dimensions), at: layer.name)
    return result
  }
}

extension Permute: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let x = graph.read(graph.input(of: layer), .channelsLast)
    let name = graph.append("Transpose", [x], at: layer.name, [.init("perm", .integers([0] + axes))])
    return Value(name: name, shape: graph.shape(of: layer))
  }
}

extension ZeroPadding2D: Expressible {
  /// Zeros that a convolution may put there itself.
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    var input = graph.input(of: layer)
    // Of an input that has some already, they are put there first.
    if input.zeros != nil { input = Value(name: graph.read(input), shape: input.shape, order: input.order) }
    input.zeros = padding(height: input.shape[0], width: input.shape[1])
    input.shape = graph.shape(of: layer)
    return input
  }
}

extension Cropping2D: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.cut(layer, top: cropping.top, left: cropping.left)
  }
}

extension CenterCrop: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let image = graph.input(of: layer).shape
    return graph.cut(layer, top: (image[0] - height) / 2, left: (image[1] - width) / 2)
  }
}

extension UpSampling2D: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.resize(layer, interpolation) }
}

extension Resizing: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.resize(layer, interpolation) }
}

extension GraphBuilder {
  /// Appends a cut of a layer's size out of an image.
  fileprivate mutating func cut(_ layer: Layer, top: Int, left: Int) -> Value {
    let (input, shape) = (input(of: layer), shape(of: layer))
    let x = read(input)
    let rows = input.order == .channelsFirst ? 2 : 1
    let inputs = [
      x, integers([top, left], "\(layer.name)/starts"),
      integers([top + shape[0], left + shape[1]], "\(layer.name)/ends"),
      integers([rows, rows + 1], "\(layer.name)/axes"),
    ]
    return Value(name: append("Slice", inputs, at: layer.name), shape: shape, order: input.order)
  }

  /// Appends what makes of a layer's input an image of the layer's size.
  fileprivate mutating func resize(
    _ layer: Layer, _ interpolation: UpSampling2D.Interpolation
  ) -> Value {
    let (input, shape) = (input(of: layer), shape(of: layer))
    let x = read(input, .channelsFirst)
    let name =
      switch interpolation {
      case .nearest: nearest(x, from: input.shape, to: shape, at: layer.name)
      case .bilinear: bilinear(x, to: shape, at: layer.name)
      }
    return Value(name: name, shape: shape, order: .channelsFirst)
  }

  /// Rows and columns by their numbers: the ones in whose square the centre of each new one lies, in TensorFlow's single precision.
  private mutating func nearest(
    _ x: String, from image: TensorShape, to result: TensorShape, at place: String
  ) -> String {
    var name = x
    for axis in 0..<2 {
      let scale = Float(image[axis]) / Float(result[axis])
      let sources = (0..<result[axis]).map { min(image[axis] - 1, Int((Float($0) + 0.5) * scale)) }
      let indices = integers(sources, "\(place)/\(axis == 0 ? "rows" : "columns")")
      name = append("Gather", [name, indices], at: place, [.init("axis", .integer(axis + 2))])
    }
    return name
  }

  private mutating func bilinear(_ x: String, to result: TensorShape, at place: String) -> String {
    let whole = append("Shape", [x], at: place)
    let kept = append(
      "Slice", [whole, integers([0], "\(place)/start"), integers([2], "\(place)/end")], at: place)
    let size = integers([result[0], result[1]], "\(place)/size")
    let sizes = append("Concat", [kept, size], at: place, [.init("axis", .integer(0))])
    return append(
      "Resize", [x, "", "", sizes], at: place,
      [.init("coordinate_transformation_mode", .text("half_pixel")), .init("mode", .text("linear"))])
  }
}
