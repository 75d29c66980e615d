import Catalog
import Tensors

/// What stands around an image ahead of a window, along both axes.
struct EdgePads: Hashable {
  struct Axis: Hashable {
    var before: Int
    var after: Int
  }

  var rows: Axis
  var columns: Axis
  /// What takes the place of these along an axis with an odd number of pixels.
  var oddRows: Axis
  var oddColumns: Axis

  var isNothing: Bool { [rows, columns, oddRows, oddColumns].allSatisfy { $0.before == 0 && $0.after == 0 } }
}

extension SlidingWindow {
  /// With the strides and gaps that a node gives.
  init(_ call: OperatorCall, size: Extent) throws {
    func pair(_ name: String) throws -> Extent {
      guard let numbers = try call.integers(name) else { return Extent(1, 1) }
      guard numbers.count == 2, numbers.allSatisfy({ 1...4096 ~= $0 }) else {
        throw Refusal("its \(name) are \(numbers.prefix(8)); expected two numbers from 1 on")
      }
      return Extent(numbers[0], numbers[1])
    }
    guard 1...4096 ~= size.height, 1...4096 ~= size.width else {
      throw Refusal("its window is of \(size.words)")
    }
    self.init(size: size, strides: try pair("strides"))
    dilation = try pair("dilations")
  }
}

extension EdgePads {
  /// As a node says, of maps of a shape of ours.
  init(_ call: OperatorCall, _ window: SlidingWindow, _ shape: [Int?], roundsUp: Bool = false) throws {
    let mode = try call.text("auto_pad", "NOTSET")
    let pads = try call.integers("pads") ?? [0, 0, 0, 0]
    guard pads.count == 4, pads.allSatisfy({ 0...4096 ~= $0 }) else {
      throw Refusal("its pads are \(pads.prefix(8)); expected four numbers from 0 on")
    }
    func axis(_ place: Int, _ count: Int?, _ span: Int, _ stride: Int) throws -> (even: Axis, odd: Axis) {
      func pad(_ count: Int) throws -> Axis {
        switch mode {
        case "VALID": return Axis(before: 0, after: 0)
        case "SAME_UPPER", "SAME_LOWER":
          let total = max(0, ((count - 1) / stride) * stride + span - count)
          let less = total / 2
          return mode == "SAME_UPPER"
            ? Axis(before: less, after: total - less) : Axis(before: total - less, after: less)
        case "NOTSET", "":
          let (before, after) = (pads[place], pads[place + 2])
          guard roundsUp, count + before + after >= span else { return Axis(before: before, after: after) }
          var windows = (count + before + after - span + stride - 1) / stride + 1
          // One that would begin behind the image does not count.
          if (windows - 1) * stride >= count + before { windows -= 1 }
          return Axis(before: before, after: max(after, (windows - 1) * stride + span - count - before))
        default: throw Refusal("its auto_pad is '\(mode.prefix(20))'")
        }
      }
      if stride <= 2 {
        // Any size of the same parity needs the same, unless a window is larger than the image.
        let small = try pad(count ?? 4096)
        let (even, odd) = (try pad(1 << 13), try pad(1 << 13 + 1))
        if count.map({ small == ($0.isMultiple(of: 2) ? even : odd) }) ?? true { return (even, odd) }
        return (small, small)
      }
      guard let count else {
        let (one, two, three) = (try pad(1 << 13), try pad(1 << 13 + 1), try pad(1 << 13 + 2))
        guard one == two, two == three else {
          throw Refusal(
            "its zeros depend on the size of images, which the file leaves open; export it for one size")
        }
        return (one, one)
      }
      let only = try pad(count)
      return (only, only)
    }
    let rows = try axis(0, shape[0], window.span.height, window.strides.height)
    let columns = try axis(1, shape[1], window.span.width, window.strides.width)
    self.init(rows: rows.even, columns: columns.even, oddRows: rows.odd, oddColumns: columns.odd)
  }

  /// Whether TensorFlow's `same` puts as much around images of the shape; of any size where that is not known.
  func areSame(_ window: SlidingWindow, _ shape: [Int?]) -> Bool {
    func fits(_ even: Axis, _ odd: Axis, _ count: Int?, _ span: Int, _ stride: Int) -> Bool {
      func same(_ count: Int) -> Axis {
        let total = max(0, ((count - 1) / stride) * stride + span - count)
        return Axis(before: total / 2, after: total - total / 2)
      }
      if let count { return same(count) == (count.isMultiple(of: 2) ? even : odd) }
      let base = 1 << 13
      return stride <= 2 && same(base) == even && same(base + 1) == odd
    }
    return fits(rows, oddRows, shape[0], window.span.height, window.strides.height)
      && fits(columns, oddColumns, shape[1], window.span.width, window.strides.width)
  }

  /// Whether they are the same before and after, wherever a window moves by more than a pixel.
  fileprivate func areEven(_ window: SlidingWindow) -> Bool {
    (window.strides.height == 1 || (rows.before == rows.after && rows == oddRows))
      && (window.strides.width == 1 || (columns.before == columns.after && columns == oddColumns))
  }

  fileprivate var layer: ZeroPadding2D {
    let even = EdgeInsets(
      top: rows.before, bottom: rows.after, left: columns.before, right: columns.after)
    let odd = EdgeInsets(
      top: oddRows.before, bottom: oddRows.after, left: oddColumns.before, right: oddColumns.after)
    return ZeroPadding2D(even, odd: even == odd ? nil : odd)
  }
}

extension GraphTranslation {
  /// Puts zeros around maps where the window does not put them there itself.
  mutating func frame(
    _ input: Maps, _ window: inout SlidingWindow, _ pads: EdgePads, _ node: ONNXNode
  ) throws -> Maps {
    if pads.isNothing { return input }
    let isOne = window.strides == Extent(1, 1)
    if pads.areSame(window, shape(of: input)), isOne || !pads.areEven(window) {
      window.padding = .same
      return input
    }
    return Maps(try append(pads.layer, [input.layer], for: node), axes: input.axes)
  }

  private func pooled(_ call: OperatorCall, _ input: Maps) throws -> (window: SlidingWindow, pads: EdgePads) {
    guard let size = try call.integers("kernel_shape"), size.count == 2 else {
      throw Refusal("its kernel_shape is missing, or not of two numbers")
    }
    let window = try SlidingWindow(call, size: Extent(size[0], size[1]))
    guard window.dilation == Extent(1, 1) else { throw Refusal("its window has gaps (dilations)") }
    guard try call.integer("storage_order", 0) == 0 else { throw Refusal("its storage_order is not 0") }
    let roundsUp = try call.integer("ceil_mode", 0) != 0
    return (window, try EdgePads(call, window, shape(of: input), roundsUp: roundsUp))
  }

  mutating func maxPool(_ call: OperatorCall) throws -> Maps {
    var input = try image(call.input(0), axes: Maps.channelsFirst, call.node)
    var (window, pads) = try pooled(call, input)
    if !pads.isNothing, !layers[input.layer].isNeverNegative {
      // Zeros would win over what is below 0.
      guard pads.areSame(window, shape(of: input)) else {
        throw Refusal(
          "its windows reach over the edges of maps with numbers below 0, by other pixels than TensorFlow's 'same'"
        )
      }
      window.padding = .same
    } else {
      input = try frame(input, &window, pads, call.node)
    }
    let layer = MaxPooling2D { [window] in $0.window = window }
    return Maps(try append(layer, [input.layer], for: call.node), axes: input.axes)
  }

  mutating func averagePool(_ call: OperatorCall) throws -> Maps {
    var input = try image(call.input(0), axes: Maps.channelsFirst, call.node)
    var (window, pads) = try pooled(call, input)
    let given = try call.integers("pads") ?? [0, 0, 0, 0]
    let mode = try call.text("auto_pad", "NOTSET")
    let countsZeros =
      try call.integer("count_include_pad", 0) != 0 && (given.contains { $0 > 0 } || mode.hasPrefix("SAME"))
    if countsZeros, !pads.isNothing {
      guard try call.integer("ceil_mode", 0) == 0 || pads == EdgePads(call, window, shape(of: input)) else {
        throw Refusal("its last windows reach beyond zeros that count (ceil_mode with count_include_pad)")
      }
      var plain = SlidingWindow(size: window.size, strides: window.strides)
      plain.padding = .valid
      window = plain
      input = Maps(try append(pads.layer, [input.layer], for: call.node), axes: input.axes)
    } else if !pads.isNothing {
      guard pads.areSame(window, shape(of: input)) else {
        throw Refusal(
          "its windows reach over the edges, where nothing counts, by other pixels than TensorFlow's 'same'")
      }
      window.padding = .same
    }
    let layer = AveragePooling2D { [window] in $0.window = window }
    return Maps(try append(layer, [input.layer], for: call.node), axes: input.axes)
  }

  mutating func globalPool(_ layer: any GlobalPoolingOperation, _ call: OperatorCall) throws -> Maps {
    let input = try image(call.input(0), axes: Maps.channelsFirst, call.node)
    return Maps(try append(layer, [input.layer], for: call.node), axes: input.axes)
  }

  /// Means and largest values over rows and columns together; means of channels as part of a normalisation.
  mutating func reduction(isMean: Bool, _ call: OperatorCall) throws -> GraphValue {
    if isMean, case .part(.squared(let maps))? = call.input(0) {
      guard try reduces(call, maps) == [maps.axes.count - 1] else {
        throw Refusal("it is over other axes than the mean before")
      }
      return .part(.variance(maps))
    }
    let input = try plain(maps(call.input(0)))
    let axes = try reduces(call, input)
    let keeps = try call.integer("keepdims", 1) != 0
    if isMean, axes == [input.axes.count - 1], keeps { return .part(.mean(input)) }
    guard !input.isRow, axes == [0, 1] else {
      throw Refusal("it is over other axes than rows and columns together")
    }
    let layer: any LayerOperation =
      isMean
      ? GlobalAveragePooling2D { $0.keepsDimensions = keeps }
      : GlobalMaxPooling2D { $0.keepsDimensions = keeps }
    let made = try append(layer, [input.layer], for: call.node)
    return .maps(keeps ? Maps(made, axes: input.axes) : Maps(row: made))
  }

  /// The axes that a node reduces, as ours, ascending.
  private mutating func reduces(_ call: OperatorCall, _ maps: Maps) throws -> [Int] {
    let given: [Int]? =
      if let value = call.input(1) { try wholeNumbers(value) } else { try call.integers("axes") }
    guard let given, !given.isEmpty else { throw Refusal("it is over all axes") }
    return try given.map { axis in
      let place = axis < 0 ? axis + maps.axes.count : axis - 1
      guard maps.axes.indices.contains(place) else { throw Refusal("it is over the axis \(axis)") }
      return maps.axes[place]
    }.sorted()
  }
}
