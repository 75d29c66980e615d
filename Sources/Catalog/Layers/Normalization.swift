import Tensors

/// `Normalization` over channels, or over other axes of an image: `(x - mean) / sqrt(variance)`, or its inverse. Means and variances
/// are numbers of the architecture, or weights that `adapt` left behind.
package struct Normalization: LayerOperation {
  package static let keyword = "normalization"
  package static let kerasClasses = ["Normalization"]
  /// Keras's own keys, `axis`, `mean` and `variance`, depend on each other: ``init(keras:)`` reads them.
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("axes", keras: "axes", .axes, \.axes, isOptional: true),
    LayerSetting("mean", keras: "means", .numbersIfAny, \.mean, isOptional: true),
    LayerSetting("variance", keras: "variances", .numbersIfAny, \.variance, isOptional: true),
    LayerSetting("overall", keras: "overall", .flag, \.isOverall, isOptional: true),
    LayerSetting("invert", keras: "invert", .flag, \.invert, isOptional: true),
  ]

  /// The axes of an image along which means and variances differ, ascending, counted from 1, which is the rows; empty for the
  /// channels alone.
  package var axes: [Int] = []
  /// One number, or one a channel, or one for each position along the axes; nil where both are weights.
  package var mean: [Double]?
  package var variance: [Double]?
  package var invert = false
  /// Whether weights are one mean and one variance for all channels.
  package var isOverall = false

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    let kept = keras.axes
    guard keras["mean"] != nil || keras["variance"] != nil else {
      guard let kept else {
        keras.expectLastAxis()
        return
      }
      isOverall = kept.isEmpty
      if !isOverall, kept != [keras.rank] { axes = kept }
      checkRank(&keras)
      return
    }
    guard let means = keras.numbers("mean", along: kept), let all = keras.numbers("variance", along: kept)
    else { return }
    let extents = zip(means.extents, all.extents).map { max($0, $1) }
    // One of them is that large, so that a short text does not make many numbers.
    guard extents == means.extents || extents == all.extents, let mean = means.repeated(to: extents),
      let variance = all.repeated(to: extents)
    else {
      keras.refuse("mean is \(means.extents), variance \(all.extents); expected one shape")
      return
    }
    (self.mean, self.variance) = (mean, variance)
    let differing = extents.indices.filter { extents[$0] > 1 }.map { $0 + 1 }
    if !differing.isEmpty, differing != [keras.rank] { axes = differing }
    checkRank(&keras)
  }

  private func checkRank(_ keras: inout KerasConfiguration) {
    if !axes.isEmpty, keras.rank != 3 { keras.expectLastAxis() }
  }

  package func describe(in keras: inout KerasMembers, reading input: ActivationShape) {
    keras.add("axis", isOverall ? .null : axes.isEmpty ? .integer(-1) : .list(axes.map(JSONText.integer)))
    keras.add("invert", .flag(invert))
    guard let mean, let variance else { return }
    if !axes.isEmpty {
      keras.refuse("its means and variances are numbers for each position along the axes \(axes)")
    }
    keras.add("mean", .list(mean.map(JSONText.number)))
    keras.add("variance", .list(variance.map(JSONText.number)))
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let counts = [mean, variance].map { $0?.count }
    guard axes.isEmpty else {
      guard inputs[0].isSpatial else {
        throw ShapeProblem(
          problem: "it reads \(inputs[0].kerasDescription); expected an image for its axes")
      }
      // Where the size is open, nobody knows how many there are to be.
      guard let extents = try? extents(of: inputs[0]) else { return inputs[0] }
      guard let count = Limits.product(extents, most: Limits.elements),
        counts.allSatisfy({ $0 == nil || $0 == count })
      else {
        throw ShapeProblem(
          problem: "it has \(counts[0] ?? 0) means and \(counts[1] ?? 0) variances; expected one of "
            + "each for every position along the axes \(axes) of \(inputs[0].kerasDescription)")
      }
      return inputs[0]
    }
    let channels = try inputs[0].knownChannels()
    guard counts.allSatisfy({ $0 == nil }) || counts.allSatisfy({ $0 == 1 || $0 == channels }) else {
      throw ShapeProblem(
        problem: "it has \(counts[0] ?? 0) means and \(counts[1] ?? 0) variances for \(channels) channels; "
          + "expected one of each, or one a channel, or none")
    }
    return inputs[0]
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    guard mean == nil else { return [] }
    let own = axes.isEmpty ? [isOverall ? 1 : try inputs[0].knownChannels()] : try extents(of: inputs[0])
    return ["mean", "variance"].map { ParameterDeclaration($0, own, isTrainable: false) }
  }

  /// The extents of an input along the axes.
  private func extents(of input: ActivationShape) throws(ShapeProblem) -> [Int] {
    var extents: [Int] = []
    for axis in axes {
      guard input.dimensions.indices.contains(axis - 1), let extent = input.dimensions[axis - 1] else {
        throw ShapeProblem(problem: "its means and variances depend on the image size; give a size")
      }
      extents.append(extent)
    }
    return extents
  }
}

extension KerasConfiguration {
  /// The numbers under `key`, seen as an image, so that they can be repeated along each axis; notes what is wrong with them.
  ///
  /// Keras 3 takes them for the last axes of an image, tf.keras for the last of `kept`.
  fileprivate mutating func numbers(_ key: String, along kept: [Int]?) -> NumbersOfAxes? {
    guard let value = self[key] else {
      refuse("it has no \(key); expected mean and variance, or neither")
      return nil
    }
    guard var found = NumbersOfAxes(value) else {
      refuse(
        "\(key) is \(value.quoted.prefix(80)); expected a finite number, or lists of them of equal length")
      return nil
    }
    let kept = self["axis"] == nil ? [rank] : kept ?? [rank]
    func isAlongKept(_ extents: [Int]) -> Bool {
      extents.enumerated().allSatisfy { $1 == 1 || kept.contains($0 + 1) }
    }
    if found.extents.count == rank + 1, found.extents[0] == 1 { found.extents.removeFirst() }
    let ofImage = [Int](repeating: 1, count: max(0, rank - found.extents.count)) + found.extents
    if ofImage.count == rank, isAlongKept(ofImage) {
      found.extents = ofImage
      return found
    }
    guard found.extents.count <= kept.count else {
      refuse("\(key) has the extents \(found.extents); expected those of the axes \(kept)")
      return nil
    }
    var extents = [Int](repeating: 1, count: rank)
    for (axis, extent) in zip(kept.suffix(found.extents.count), found.extents) { extents[axis - 1] = extent }
    found.extents = extents
    return found
  }

  /// The axes that `axis` names, ascending, counted from 1; none where it is `None`, nil for no axes of what is read.
  fileprivate var axes: [Int]? {
    if namesNoAxis { return [] }
    guard let axis = self["axis"] else { return [rank] }
    let given = axis.integers ?? axis.integer.map { [$0] } ?? []
    let axes = Set(given.map { $0 < 0 ? $0 + rank + 1 : $0 }).sorted()
    return !axes.isEmpty && axes.count == given.count && axes.allSatisfy { 1...rank ~= $0 } ? axes : nil
  }
}

/// Numbers in lists of lists.
private struct NumbersOfAxes {
  var extents: [Int] = []
  private(set) var values: [Double] = []

  /// Nil for anything but finite numbers in lists of equal length.
  init?(_ value: JSONValue) {
    if let number = value.number {
      guard number.isFinite else { return nil }
      values = [number]
      return
    }
    let members = (value.list ?? []).map { NumbersOfAxes($0) }
    guard let first = members.first ?? nil, first.extents.count < 4,
      members.allSatisfy({ $0?.extents == first.extents })
    else { return nil }
    extents = [members.count] + first.extents
    values = members.flatMap { $0?.values ?? [] }
  }

  /// As many numbers as `extents` ask for, each of those of an axis of one as often as there are others; nil where they do not fit.
  func repeated(to wanted: [Int]) -> [Double]? {
    guard extents.count == wanted.count, let count = Limits.product(wanted, most: Limits.pixels),
      zip(extents, wanted).allSatisfy({ $0 == $1 || $0 == 1 })
    else { return nil }
    return (0..<count).map { index in
      var (rest, place, step) = (index, 0, 1)
      for (own, extent) in zip(extents, wanted).reversed() {
        if own > 1 { place += rest % extent * step }
        (rest, step) = (rest / extent, step * own)
      }
      return values[place]
    }
  }
}
