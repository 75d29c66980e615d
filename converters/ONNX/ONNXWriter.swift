import Encoding
import Files
package import Tensors

/// Writes a model tensor by tensor, holding none of them.
package struct ONNXWriter {
  /// Above so many bytes weights go into a file of their own: a message of Protocol Buffers can have no more than 2^31 - 1.
  package static let messageByteCount = 2_000_000_000
  /// Smaller values stay in the model: runtimes want to know them while they read it.
  private static let smallByteCount = 1024
  /// Where tensors of the file beside begin, so that they can be mapped.
  private static let alignment = 4096

  private let model: ONNXModel
  private let producer: (name: String, version: String)
  private let parameters: (String) throws -> TensorView?

  /// - Parameters:
  ///   - model: the graph.
  ///   - producer: which program writes it.
  ///   - parameters: reads a parameter by name, or returns nil.
  package init(
    _ model: ONNXModel, producer: (name: String, version: String),
    parameters: @escaping (String) throws -> TensorView?
  ) {
    (self.model, self.producer, self.parameters) = (model, producer, parameters)
  }

  /// Whether weights go into a file of their own where a model may have `limit` bytes.
  package func isSplit(limit: Int) -> Bool {
    let small = model.nodes.count * 512 + model.initializers.count * 256
    return model.initializers.reduce(small) { $0 + $1.byteCount } > limit
  }

  /// Writes the model, complete or not at all.
  ///
  /// - Parameters:
  ///   - path: where.
  ///   - weights: the file for the weights, in the same folder; nil for the model's own. It is in place before the model is.
  ///   - progress: told after every tensor how many values it has. What it throws ends the work.
  /// - Throws: `FileError`, ``ONNXError``, and what reading parameters throws.
  package func write(to path: String, weights: String?, progress: (Int) throws -> Void) throws {
    let places = weights == nil ? [:] : externalPlaces
    let file = weights.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    try AtomicFile.write(to: path) { sink in
      let heads = model.initializers.map { head(of: $0, places[$0.name], file) }
      try sink.write(opening(heads))
      for (initializer, head) in zip(model.initializers, heads) {
        try sink.write(prefix(of: head))
        if places[initializer.name] == nil { try write(initializer, to: sink, progress) }
      }
      guard let weights else { return }
      try AtomicFile.write(to: weights) { try writeExternal(places, to: $0, progress) }
    }
  }

  /// Where each tensor lies in the file beside.
  private var externalPlaces: [String: Int] {
    var (places, end): ([String: Int], Int) = ([:], 0)
    for initializer in model.initializers where initializer.byteCount >= Self.smallByteCount {
      let start = (end + Self.alignment - 1) / Self.alignment * Self.alignment
      places[initializer.name] = start
      end = start + initializer.byteCount
    }
    return places
  }

  private func writeExternal(
    _ places: [String: Int], to sink: FileSink, _ progress: (Int) throws -> Void
  ) throws {
    var written = 0
    for initializer in model.initializers {
      guard let start = places[initializer.name] else { continue }
      try sink.write([UInt8](repeating: 0, count: start - written))
      try write(initializer, to: sink, progress)
      written = start + initializer.byteCount
    }
  }
}

extension ONNXWriter {
  /// The fields of a tensor's message ahead of its elements, and how many bytes of elements follow.
  private struct Head {
    var fields: ProtocolBuffer
    var contents: Int
    var byteCount: Int { fields.bytes.count + contents }
  }

  /// The head of a tensor whose elements follow it, or lie at a place in another file.
  private func head(of initializer: Initializer, _ place: Int?, _ file: String?) -> Head {
    var fields = initializer.head
    guard let place, let file else {
      fields.addPrefix(9, byteCount: initializer.byteCount)
      return Head(fields: fields, contents: initializer.byteCount)
    }
    for (key, value) in [("location", file), ("offset", "\(place)"), ("length", "\(initializer.byteCount)")] {
      fields.add(13) { entry in
        entry.add(1, key)
        entry.add(2, value)
      }
    }
    fields.add(14, 1)
    return Head(fields: fields, contents: 0)
  }

  /// Field 5 of the graph: the tensor's prefix and head.
  private func prefix(of head: Head) -> [UInt8] {
    var message = ProtocolBuffer()
    message.addPrefix(5, byteCount: head.byteCount)
    return message.bytes + head.fields.bytes
  }

  /// Everything ahead of the tensors: the fields of `ModelProto`, the last of which is the graph, and those of the graph.
  private func opening(_ heads: [Head]) -> [UInt8] {
    let graph = ProtocolBuffer { graph in
      for node in model.nodes { graph.add(1, node.message.bytes) }
      graph.add(2, model.name)
      graph.add(11) { write(ONNXModel.inputName, model.inputExtents, to: &$0) }
      graph.add(12) { write(model.outputName, model.outputExtents, to: &$0) }
    }
    let tensors = heads.reduce(0) { $0 + prefix(of: $1).count + $1.contents }
    var message = ProtocolBuffer { message in
      message.add(1, ONNXModel.formatVersion)
      message.add(2, producer.name)
      message.add(3, producer.version)
      message.add(8) { operators in
        operators.add(1, "")
        operators.add(2, ONNXModel.operatorSet)
      }
      for (name, text) in model.metadata {
        message.add(14) { entry in
          entry.add(1, name)
          entry.add(2, text)
        }
      }
    }
    message.addPrefix(7, byteCount: graph.bytes.count + tensors)
    return message.bytes + graph.bytes
  }

  /// The fields of `ValueInfoProto`: floats with a batch of the model's size.
  private func write(_ name: String, _ extents: [Int], to message: inout ProtocolBuffer) {
    message.add(1, name)
    message.add(2) { type in
      type.add(1) { tensor in
        tensor.add(1, 1)
        tensor.add(2) { shape in
          shape.add(1) { axis in
            if let batch = model.input.batch { axis.add(1, batch) } else { axis.add(2, "batch") }
          }
          for extent in extents { shape.add(1) { $0.add(1, extent) } }
        }
      }
    }
  }

  /// The elements of a tensor, the lowest byte of each first.
  private func write(
    _ initializer: Initializer, to sink: FileSink, _ progress: (Int) throws -> Void
  ) throws {
    switch initializer.contents {
    case .floats(let numbers):
      try sink.write(numbers.flatMap { $0.bitPattern.littleEndianBytes })
    case .integers(let numbers):
      try sink.write(numbers.flatMap { UInt64(bitPattern: Int64($0)).littleEndianBytes })
    case .parameter(let name, let order):
      let view = try parameter(name, of: initializer)
      if order == .kept, view.scalarType == .float32 {
        try view.withBytes { try sink.write($0) }
      } else {
        let ordered = view.withFloats { order.applied(to: $0, extents: view.shape.dimensions) } ?? []
        guard let bytes = TensorView(Tensor(shape: [ordered.count], scalars: ordered)) else { return }
        try bytes.withBytes { try sink.write($0) }
      }
      try progress(view.shape.elementCount)
    }
  }

  private func parameter(_ name: String, of initializer: Initializer) throws -> TensorView {
    guard let view = try parameters(name) else {
      throw ONNXError.parameter(name: name, expected: "a tensor of this name", found: "none")
    }
    guard view.shape.elementCount == initializer.elementCount, view.scalarType.isFloatingPoint else {
      throw ONNXError.parameter(
        name: name, expected: "\(initializer.elementCount) floating-point numbers",
        found: "\(view.shape) of type \(view.scalarType.rawValue)")
    }
    return view
  }
}

extension ONNXModel {
  /// The extents of the input without the batch's.
  package var inputExtents: [Int] {
    let extents = input.shape.dimensions
    return input.isChannelsFirst ? [extents[2], extents[0], extents[1]] : extents
  }
}

extension FileSink {
  fileprivate func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withRawSpan { (bytes) throws(FileError) in try write(bytes) }
  }
}
