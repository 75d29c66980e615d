extension FunctionCall {
  /// Side by side along the channels.
  mutating func concatenation() throws(NoCounterpart) -> Concatenate {
    let axis = take("axis")
    guard inputCount > 1, axes(axis) == [rank] else { throw NoCounterpart("axis", axis) }
    return Concatenate()
  }

  /// Over rows and columns together.
  mutating func globalPooling<Operation: GlobalPoolingOperation>(
    _ type: Operation.Type
  ) throws(NoCounterpart) -> Operation {
    let axis = take("axis")
    guard rank == 3, axes(axis)?.sorted() == [1, 2] else { throw NoCounterpart("axis", axis) }
    let keeps = take("keepdims", "keep_dims")?.flag ?? false
    return Operation { $0.keepsDimensions = keeps }
  }

  /// Over windows.
  mutating func pooling<Operation: PoolingOperation>(
    _ type: Operation.Type
  ) throws(NoCounterpart) -> Operation {
    try expect("data_format", ["channels_last", "NHWC"])
    let size = take("pool_size", "ksize")
    guard rank == 3, let window = Self.extent(size) else { throw NoCounterpart("pool_size", size) }
    let steps = take("strides")
    guard let strides = steps == nil ? window : Self.extent(steps) else {
      throw NoCounterpart("strides", steps)
    }
    let edges = take("padding")
    guard let padding = Padding(rawValue: edges?.text?.lowercased() ?? "valid") else {
      throw NoCounterpart("padding", edges)
    }
    return Operation { ($0.size, $0.strides, $0.padding) = (window, strides, padding) }
  }

  /// Rows and columns, which TensorFlow may put between the batch's and the channels'.
  private static func extent(_ value: JSONValue?) -> Extent? {
    guard let value else { return nil }
    guard let four = value.integers, four.count == 4 else { return SettingForm.extent.translate(value) }
    guard four[0] == 1, four[3] == 1 else { return nil }
    return SettingForm.extent.translate(.list([.number(Double(four[1])), .number(Double(four[2]))]))
  }

  /// To a size of its own.
  mutating func resizing() throws(NoCounterpart) -> Resizing {
    for key in ["antialias", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "preserve_aspect_ratio"] {
      try expect(key, ["0"])
    }
    try expect("data_format", ["channels_last"])
    _ = take("fill_mode", "fill_value")
    let size = take("size")
    guard rank == 3, size?.list != nil, let extent = Self.extent(size) else {
      throw NoCounterpart("size", size)
    }
    let way = take("interpolation", "method")
    guard let interpolation = UpSampling2D.Interpolation(rawValue: way?.text ?? "bilinear") else {
      throw NoCounterpart("interpolation", way)
    }
    return Resizing { ($0.height, $0.width, $0.interpolation) = (extent.height, extent.width, interpolation) }
  }

  /// Zeros around rows and columns.
  mutating func padding() throws(NoCounterpart) -> ZeroPadding2D {
    try expect("mode", ["constant", "CONSTANT"])
    try expect("constant_values", ["0"])
    let width = take("pad_width", "paddings")
    let edges = width?.list ?? []
    guard rank == 3, edges.count == 4, [edges[0], edges[3]].allSatisfy({ $0.integers == [0, 0] }),
      let insets = SettingForm.insets.translate(.list([edges[1], edges[2]]))
    else { throw NoCounterpart("pad_width", width) }
    return ZeroPadding2D(insets)
  }

  /// Seen as another shape, the batch as it was.
  mutating func reshape() throws(NoCounterpart) -> Reshape {
    let shape = take("newshape", "shape")
    let extents = shape?.list ?? []
    // What is left of all elements is the batch where the others are an image's.
    let keepsBatch =
      switch extents.first {
      case .null?: true
      case let first?: first.integer == -1
      case nil: false
      }
    let target = JSONValue.list(Array(extents.dropFirst()))
    guard keepsBatch, let wanted = SettingForm.extents.translate(target) else {
      throw NoCounterpart("shape", shape)
    }
    return Reshape { $0.shape = wanted }
  }

  /// Axes in another order.
  mutating func transposition() throws(NoCounterpart) -> Permute {
    try expect("conjugate", ["0"])
    let axes = take("axes", "perm")
    return try permutation(self.axes(axes) ?? [], axes)
  }

  /// Two axes in each other's place.
  mutating func swappedAxes() throws(NoCounterpart) -> Permute {
    let both = JSONValue.list([take("axis1"), take("axis2")].map { $0 ?? .null })
    guard let pair = axes(both) else { throw NoCounterpart("axes", both) }
    var order = Array(0...rank)
    order.swapAt(pair[0], pair[1])
    return try permutation(order, both)
  }

  private func permutation(_ order: [Int], _ words: JSONValue?) throws(NoCounterpart) -> Permute {
    guard order.first == 0, rank <= 3, order.sorted() == Array(0...rank) else {
      throw NoCounterpart("axes", words)
    }
    return Permute { $0.axes = Array(order.dropFirst()) }
  }

  /// Without axes of one element.
  mutating func squeezed() throws(NoCounterpart) -> Reshape {
    let axis = take("axis")
    let extents = shapes.first??.dimensions ?? []
    let gone = axis == nil ? extents.indices.filter { extents[$0] == 1 }.map { $0 + 1 } : axes(axis) ?? []
    guard !gone.isEmpty,
      gone.allSatisfy({ 1...max(1, extents.count) ~= $0 && !extents.isEmpty && extents[$0 - 1] == 1 })
    else {
      throw NoCounterpart("axis", axis)
    }
    return try reshape(
      to: extents.indices.filter { !gone.contains($0 + 1) }.map { extents[$0] }, "axis", axis)
  }

  /// With one more axis, of one element.
  mutating func expanded() throws(NoCounterpart) -> Reshape {
    let axis = take("axis")
    var extents = shapes.first??.dimensions ?? []
    guard let number = axis?.integer, !extents.isEmpty else { throw NoCounterpart("axis", axis) }
    let place = number < 0 ? number + extents.count + 2 : number
    guard 1...extents.count + 1 ~= place else { throw NoCounterpart("axis", axis) }
    extents.insert(1, at: place - 1)
    return try reshape(to: extents, "axis", axis)
  }

  /// At most one extent may be open.
  private func reshape(to extents: [Int?], _ key: String, _ value: JSONValue?) throws(NoCounterpart)
    -> Reshape
  {
    let shape = extents.map { $0 ?? -1 }
    guard shape.count(where: { $0 < 0 }) < 2, SettingForm.isShape(shape) else {
      throw NoCounterpart(key, value)
    }
    return Reshape { $0.shape = shape }
  }

  /// TensorFlow's `l2_normalize`, which the layer calls.
  mutating func unitNormalization() throws(NoCounterpart) -> UnitNormalization {
    let axis = take("axis")
    guard axes(axis) == [rank] else { throw NoCounterpart("axis", axis) }
    try expect("epsilon", ["1e-12"])
    return UnitNormalization()
  }
}
