import Encoding

/// How a kind of value is written in an entry's line and in Keras's configuration.
struct SettingForm<Value: Sendable>: Sendable {
  /// What a value must be, in words.
  let expected: String
  let read: @Sendable (KeyedDecodingContainer<AnyKey>, AnyKey) throws -> Value
  let text: @Sendable (Value) -> JSONText
  /// Gives nil for what is no such value.
  let translate: @Sendable (JSONValue) -> Value?
  /// What Keras's `None` says, if anything.
  var none: Value?
  /// How Keras writes it, where that is not as entries do; gives nil for what Keras cannot say.
  var kerasWords: (@Sendable (Value) -> JSONText?)?

  /// How Keras writes it; nil for what Keras cannot say.
  func kerasText(_ value: Value) -> JSONText? {
    guard let kerasWords else { return text(value) }
    return kerasWords(value)
  }
}

extension SettingForm<Int> {
  /// Channels, filters or units.
  static var count: Self {
    SettingForm(
      expected: "a whole number from 1 to \(Limits.channels.grouped)",
      read: { try $0.count($1, upTo: Limits.channels) }, text: JSONText.integer,
      translate: { $0.integer.flatMap { 1...Limits.channels ~= $0 ? $0 : nil } })
  }
}

extension SettingForm<Int> {
  /// As ``SettingForm/count``, or -1 for as many as there can be.
  static var countOrAll: Self {
    let count = SettingForm.count
    return SettingForm(
      expected: count.expected + ", or -1",
      read: { try ($0.decode(Int.self, forKey: $1)) == -1 ? -1 : count.read($0, $1) }, text: count.text,
      translate: { $0.integer == -1 ? -1 : count.translate($0) })
  }
}

extension SettingForm<Bool> {
  static var flag: Self {
    SettingForm(
      expected: "true or false",
      read: { try $0.decode(Bool.self, forKey: $1) }, text: JSONText.flag, translate: { $0.flag })
  }
}

extension SettingForm<Double> {
  /// A number above 0.
  static var positive: Self {
    SettingForm(
      expected: "a finite number above 0",
      read: { try $0.number($1, above: 0) }, text: JSONText.number,
      translate: { $0.number.flatMap { $0 > 0 && $0.isFinite ? $0 : nil } })
  }

  /// Any number.
  static var number: Self {
    SettingForm(
      expected: "a finite number",
      read: { try $0.number($1) }, text: JSONText.number,
      translate: { $0.number.flatMap { $0.isFinite ? $0 : nil } })
  }

  /// A share from 0 up to but not 1.
  static var rate: Self {
    SettingForm(
      expected: "a number from 0 to below 1",
      read: { try $0.rate($1) }, text: JSONText.number,
      translate: { $0.number.flatMap { 0..<1 ~= $0 ? $0 : nil } })
  }
}

extension SettingForm<Double?> {
  /// A number of 0 or more; absent, as Keras's `None` is, where there is no limit.
  static var limit: Self {
    SettingForm(
      expected: "a finite number of 0 or more",
      read: { try $0.number($1, from: 0) }, text: { $0.map(JSONText.number) ?? .text("none") },
      translate: { value in
        guard let number = value.number, number >= 0 else { return nil }
        // Nothing is above an infinite one.
        return .some(number.isFinite ? number : nil)
      }, kerasWords: { $0.map(JSONText.number) ?? .null })
  }
}

extension SettingForm<Double?> {
  /// Any number, or none.
  static var numberIfAny: Self {
    let number = SettingForm<Double>.number
    return SettingForm(
      expected: number.expected, read: { try number.read($0, $1) },
      text: { $0.map(JSONText.number) ?? .text("none") },
      translate: { number.translate($0).map { .some($0) } })
  }
}

extension SettingForm<[Double]> {
  /// One number for all channels, or a list of one a channel.
  static var numbers: Self {
    SettingForm(
      expected: "a finite number, or a list of them",
      read: { try $0.numbers($1) },
      text: { $0.count == 1 ? .number($0[0]) : .list($0.map(JSONText.number)) },
      translate: { value in
        let numbers = value.number.map { [$0] } ?? value.list?.compactMap(\.number) ?? []
        let isWhole = numbers.count == value.list?.count ?? 1
        return isWhole && !numbers.isEmpty && numbers.allSatisfy(\.isFinite) ? numbers : nil
      })
  }
}

extension SettingForm<[Double]?> {
  /// As ``SettingForm/numbers``, also as many as an image has, or nothing.
  static var numbersIfAny: Self {
    let numbers = SettingForm<[Double]>.numbers
    return SettingForm(
      expected: numbers.expected,
      read: { try $0.numbers($1, upTo: Limits.pixels) }, text: { numbers.text($0 ?? []) },
      translate: { numbers.translate($0).map { .some($0) } })
  }
}

extension SettingForm<[Int]> {
  /// Extents of a shape, one of which may be -1.
  static var extents: Self {
    SettingForm(
      expected: "1 to 4 whole numbers, each -1 or from 1 to \(Limits.channels.grouped)",
      read: { try $0.extents($1) }, text: { .list($0.map(JSONText.integer)) },
      translate: { value in
        guard let extents = value.integers, isShape(extents) else { return nil }
        return extents
      })
  }

  /// Axes, counted from 1; none is Keras's `None`.
  static var axes: Self {
    SettingForm(
      expected: "axes from 1 to 3",
      read: { try $0.axes($1) }, text: { .list($0.map(JSONText.integer)) },
      translate: { value in value.integers.flatMap { $0.allSatisfy { 1...3 ~= $0 } ? $0 : nil } }, none: [],
      kerasWords: { $0.isEmpty ? .null : .list($0.map(JSONText.integer)) })
  }

  /// Whether numbers are extents of a shape.
  static func isShape(_ extents: [Int]) -> Bool {
    1...4 ~= extents.count && extents.allSatisfy { $0 == -1 || 1...Limits.channels ~= $0 }
  }
}

extension SettingForm<Extent> {
  /// Rows and columns; one number stands for both in Keras.
  static var extent: Self {
    SettingForm(
      expected: "one or two whole numbers from 1 to \(Limits.extent.grouped)",
      read: { try $0.extent($1) }, text: JSONText.extent,
      translate: { value in
        let values = value.integers ?? value.integer.map { [$0, $0] } ?? []
        guard values.count == 2, values.allSatisfy({ 1...Limits.extent ~= $0 }) else { return nil }
        return Extent(values[0], values[1])
      })
  }
}

extension SettingForm<EdgeInsets> {
  /// `[[top, bottom], [left, right]]`.
  static var insets: Self {
    SettingForm(
      expected: "[[top, bottom], [left, right]], each from 0 to \(Limits.extent.grouped)",
      read: { try $0.insets($1) }, text: JSONText.insets,
      translate: { value in
        let edges = (value.list ?? []).compactMap(\.integers)
        let insets = 0...Limits.extent
        guard edges.map(\.count) == [2, 2], edges.joined().allSatisfy({ insets ~= $0 }) else { return nil }
        return EdgeInsets(top: edges[0][0], bottom: edges[0][1], left: edges[1][0], right: edges[1][1])
      })
  }
}

extension SettingForm<EdgeInsets?> {
  /// As ``SettingForm/insets``, or nothing.
  static var insetsIfAny: Self {
    let insets = SettingForm<EdgeInsets>.insets
    return SettingForm(
      expected: insets.expected,
      read: insets.read, text: { $0.map(insets.text) ?? .text("none") },
      translate: { insets.translate($0).map { .some($0) } })
  }
}

extension SettingForm where Value: RawRepresentable<String> & CaseIterable {
  /// One of an enumeration's spellings.
  static var spelling: Self {
    SettingForm(
      expected: Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or "),
      read: { try $0.spelled($1) }, text: { .text($0.rawValue) },
      translate: { $0.text.flatMap { Value(rawValue: $0) } })
  }
}

extension SettingForm<Activation> {
  /// An activation; `None` is the linear one.
  static var activation: Self {
    SettingForm(
      expected: "one of \(Activation.names.joined(separator: ", "))",
      read: { try $0.activation($1) }, text: { ActivationRecord($0).json },
      translate: { Activation(keras: $0) }, none: .linear, kerasWords: { $0.kerasWord.map(JSONText.text) })
  }
}
