/// How a kind of value is written in an entry's line and in Keras's configuration.
struct SettingForm<Value: Sendable>: Sendable {
  let read: @Sendable (KeyedDecodingContainer<AnyKey>, AnyKey) throws -> Value
  let text: @Sendable (Value) -> JSONText
  /// Gives nil for what is no such value.
  let translate: @Sendable (JSONValue) -> Value?
  /// What Keras's `None` says, if anything.
  var none: Value?
}

extension SettingForm<Int> {
  /// Channels, filters or units.
  static var count: Self {
    SettingForm(
      read: { try $0.count($1, upTo: Limits.channels) }, text: JSONText.integer,
      translate: { $0.integer.flatMap { 1...Limits.channels ~= $0 ? $0 : nil } })
  }
}

extension SettingForm<Bool> {
  static var flag: Self {
    SettingForm(
      read: { try $0.decode(Bool.self, forKey: $1) }, text: JSONText.flag, translate: { $0.flag })
  }
}

extension SettingForm<Double> {
  /// A number above 0.
  static var positive: Self {
    SettingForm(
      read: { try $0.number($1, above: 0) }, text: JSONText.number,
      translate: { $0.number.flatMap { $0 > 0 ? $0 : nil } })
  }

  /// Any number.
  static var number: Self {
    SettingForm(
      read: { try $0.number($1) }, text: JSONText.number,
      translate: { $0.number.flatMap { $0.isFinite ? $0 : nil } })
  }

  /// A share from 0 up to but not 1.
  static var rate: Self {
    SettingForm(
      read: { try $0.rate($1) }, text: JSONText.number,
      translate: { $0.number.flatMap { 0..<1 ~= $0 ? $0 : nil } })
  }
}

extension SettingForm<Double?> {
  /// A number above 0; absent, as Keras's `None` is, where there is no limit.
  static var limit: Self {
    let number = SettingForm<Double>.positive
    return SettingForm(
      read: number.read, text: { $0.map(number.text) ?? .text("none") }, translate: number.translate)
  }
}

extension SettingForm<Extent> {
  /// Rows and columns; one number stands for both in Keras.
  static var extent: Self {
    SettingForm(
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
      read: { try $0.insets($1) }, text: JSONText.insets,
      translate: { value in
        let edges = (value.list ?? []).compactMap(\.integers)
        let insets = 0...Limits.extent
        guard edges.map(\.count) == [2, 2], edges.joined().allSatisfy({ insets ~= $0 }) else { return nil }
        return EdgeInsets(top: edges[0][0], bottom: edges[0][1], left: edges[1][0], right: edges[1][1])
      })
  }
}

extension SettingForm where Value: RawRepresentable<String> & CaseIterable {
  /// One of an enumeration's spellings.
  static var spelling: Self {
    SettingForm(
      read: { try $0.spelled($1) }, text: { .text($0.rawValue) },
      translate: { $0.text.flatMap { Value(rawValue: $0) } })
  }
}

extension SettingForm<Activation> {
  /// An activation; `None` is the linear one.
  static var activation: Self {
    SettingForm(
      read: { try $0.activation($1) }, text: { ActivationRecord($0).json },
      translate: { Activation(keras: $0) }, none: .linear)
  }
}
