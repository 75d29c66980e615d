import Catalog
import Tensors

extension GraphTranslation {
  /// Zeros around images, or pixels off them.
  mutating func pad(_ call: OperatorCall) throws -> Maps {
    let mode = try call.text("mode", "constant")
    guard mode == "constant" else {
      throw Refusal("its mode is '\(mode.prefix(20))'; expected 'constant', of zeros")
    }
    let value = try call.input(2).map { try single($0) } ?? call.number("value", 0)
    guard value == 0 else { throw Refusal("it puts other numbers than 0 around") }
    let input = try plain(maps(call.input(0)))
    let pads: [Int]? =
      if let given = call.input(1) { try wholeNumbers(given) } else {
        try call.integers("pads") ?? call.integers("paddings")
      }
    let rank = input.axes.count + 1
    let axes = try call.input(3).map { try wholeNumbers($0) } ?? Array(0..<rank)
    guard let pads, pads.count == 2 * axes.count, pads.allSatisfy({ -4096...4096 ~= $0 }) else {
      throw Refusal("its pads are not known")
    }
    var own = [Int: (before: Int, after: Int)]()
    for (place, axis) in axes.enumerated() {
      let (before, after) = (pads[place], pads[place + axes.count])
      if before == 0, after == 0 { continue }
      let axis = axis < 0 ? axis + rank : axis
      guard 1..<rank ~= axis, input.axes.count == 3, input.axes[axis - 1] < 2 else {
        throw Refusal("it pads other axes than rows and columns")
      }
      own[input.axes[axis - 1]] = (before, after)
    }
    let (rows, columns) = (own[0] ?? (0, 0), own[1] ?? (0, 0))
    if own.isEmpty { return input }
    let all = [rows.before, rows.after, columns.before, columns.after]
    if all.allSatisfy({ $0 >= 0 }) {
      let insets = EdgeInsets(
        top: rows.before, bottom: rows.after, left: columns.before, right: columns.after)
      return Maps(try append(ZeroPadding2D(insets), [input.layer], for: call.node), axes: input.axes)
    }
    guard all.allSatisfy({ $0 <= 0 }) else { throw Refusal("it pads one edge and crops another") }
    let insets = EdgeInsets(
      top: -rows.before, bottom: -rows.after, left: -columns.before, right: -columns.after)
    return Maps(
      try append(Cropping2D { $0.cropping = insets }, [input.layer], for: call.node), axes: input.axes)
  }

  mutating func slice(_ call: OperatorCall) throws -> GraphValue {
    func list(_ index: Int, _ name: String) throws -> [Int]? {
      if let value = call.input(index) { return try wholeNumbers(value) }
      return try call.integers(name)
    }
    guard let starts = try list(1, "starts"), let ends = try list(2, "ends"), starts.count == ends.count,
      !starts.isEmpty
    else {
      throw Refusal("its starts and ends are not known")
    }
    let axes = try list(3, "axes") ?? Array(starts.indices)
    let steps = try list(4, "steps") ?? [Int](repeating: 1, count: starts.count)
    guard axes.count == starts.count, steps.count == starts.count else {
      throw Refusal("its axes are \(axes.prefix(8))")
    }
    var value = try same(call)
    for index in starts.indices {
      value = try sliced(value, axes[index], starts[index], ends[index], steps[index], call.node)
    }
    return value
  }

  private mutating func sliced(
    _ value: GraphValue, _ axis: Int, _ start: Int, _ end: Int, _ step: Int, _ node: ONNXNode
  ) throws -> GraphValue {
    if case .extents(let list, _) = value {
      guard axis == 0 || axis == -1, step == 1 else { throw Refusal("its step is \(step)") }
      return .extents(Array(list[Self.range(start, end, of: list.count)]), isList: true)
    }
    if case .pixels(var pixels) = value, !pixels.isSingle,
      pixels.axes.indices.contains((axis < 0 ? axis + 4 : axis) - 1),
      pixels.axes[(axis < 0 ? axis + 4 : axis) - 1] == 2
    {
      let count = pixels.channels.count
      let places: [Int]
      if step == 1 {
        places = Array(Self.range(start, end, of: count))
      } else if step == -1, start == -1 || start >= count - 1, end < -count {
        places = Array((0..<count).reversed())
      } else {
        throw Refusal("its step is \(step)")
      }
      guard !places.isEmpty else { throw Refusal("it leaves no channel") }
      pixels.channels = places.map { pixels.channels[$0] }
      for index in pixels.steps.indices {
        pixels.steps[index].numbers = places.map { pixels.steps[index].numbers[$0] }
      }
      return .pixels(pixels)
    }
    let input = try plain(maps(value))
    let place = axis < 0 ? axis + input.axes.count : axis - 1
    guard step == 1, input.axes.indices.contains(place) else {
      throw Refusal("it takes a part of the batch, or every other number")
    }
    let own = input.axes[place]
    guard let count = shape(of: input)[own] else {
      if start == 0, end > 1 << 30 { return value }
      throw Refusal("it takes a part of maps whose size the file leaves open")
    }
    let range = Self.range(start, end, of: count)
    guard !range.isEmpty else { throw Refusal("it leaves nothing") }
    return .maps(try cropped(input, own, range, of: count, node))
  }

  private static func range(_ start: Int, _ end: Int, of count: Int) -> Range<Int> {
    let first = max(0, min(count, start < 0 ? start.addingReportingOverflow(count).partialValue : start))
    let last = max(0, min(count, end < 0 ? end.addingReportingOverflow(count).partialValue : end))
    return first..<max(first, last)
  }

  /// Maps without what lies outside of a range along an axis. Channels are cut as columns are.
  private mutating func cropped(
    _ input: Maps, _ axis: Int, _ range: Range<Int>, of count: Int, _ node: ONNXNode
  ) throws -> Maps {
    if range == 0..<count { return input }
    let (before, after) = (range.lowerBound, count - range.upperBound)
    let columns = Cropping2D { $0.cropping = EdgeInsets(top: 0, bottom: 0, left: before, right: after) }
    if input.isRow {
      let image = try append(Reshape { $0.shape = [1, count, 1] }, [input.layer], for: node)
      let cut = try append(columns, [image], for: node)
      return Maps(row: try append(Reshape { $0.shape = [range.count] }, [cut], for: node))
    }
    guard input.axes.count == 3 else { throw Refusal("it takes a part of what is no image") }
    var result = input
    switch axis {
    case 0:
      let rows = Cropping2D { $0.cropping = EdgeInsets(top: before, bottom: after, left: 0, right: 0) }
      result.layer = try append(rows, [input.layer], for: node)
    case 1: result.layer = try append(columns, [input.layer], for: node)
    default:
      let known = shape(of: input).compactMap(\.self)
      guard known.count == 3 else {
        throw Refusal("it takes channels of maps whose size the file leaves open")
      }
      let image = try append(
        Reshape { $0.shape = [known[0] * known[1], count, 1] }, [input.layer], for: node)
      let cut = try append(columns, [image], for: node)
      result.layer = try append(Reshape { $0.shape = [known[0], known[1], range.count] }, [cut], for: node)
    }
    return result
  }

  mutating func split(_ call: OperatorCall) throws -> [GraphValue] {
    let value = try same(call)
    let axis = try call.integer("axis", 0)
    let count: Int
    if case .pixels(let pixels) = value, !pixels.isSingle,
      pixels.axes.indices.contains((axis < 0 ? axis + 4 : axis) - 1),
      pixels.axes[(axis < 0 ? axis + 4 : axis) - 1] == 2
    {
      count = pixels.channels.count
    } else {
      let input = try maps(value)
      let place = axis < 0 ? axis + input.axes.count : axis - 1
      guard input.axes.indices.contains(place), let known = shape(of: input)[input.axes[place]] else {
        throw Refusal("it splits the batch, or maps whose size the file leaves open")
      }
      count = known
    }
    let parts = call.node.outputs.count
    let given: [Int]? =
      if let sizes = call.input(1) { try wholeNumbers(sizes) } else { try call.integers("split") }
    let equal = (count + parts - 1) / max(1, parts)
    let sizes = given ?? (0..<parts).map { min(equal, count - $0 * equal) }
    guard sizes.count == parts, sizes.allSatisfy({ $0 > 0 && $0 <= count }), sizes.reduce(0, +) == count
    else {
      throw Refusal("it makes \(parts) parts of \(count)")
    }
    var start = 0
    return try sizes.map { size in
      defer { start += size }
      return try sliced(value, axis, start, start + size, 1, call.node)
    }
  }
}
