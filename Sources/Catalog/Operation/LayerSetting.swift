/// One setting of an operation: where its value stands in the operation, in an entry's line and in Keras's
/// configuration.
package struct LayerSetting<Operation: LayerOperation>: Sendable {
  /// The key in an entry's line.
  let key: String
  /// Takes the value from an entry's line.
  let read: @Sendable (inout Operation, LayerLine) throws -> Void
  /// The value in an entry's line; nil where the entry's defaults say the same or it is Keras's default.
  let text: @Sendable (Operation, LayerDefaults) -> JSONText?
  /// Writes the value where layers of an entry have it in common.
  let share: @Sendable (Operation, inout LayerDefaults) -> Void
  /// Takes the value from Keras's configuration.
  let translate: @Sendable (inout Operation, inout KerasConfiguration) -> Void
  /// Says the value in Keras's configuration.
  let describe: @Sendable (Operation, inout KerasMembers) -> Void

  /// A setting whose value every line gives, or only where it is not Keras's default.
  ///
  /// - Parameters:
  ///   - key: the key in an entry's line.
  ///   - kerasKey: the key in Keras's configuration; nil for what its layers do not have.
  init<Value: Hashable & Sendable>(
    _ key: String, keras kerasKey: String?, _ form: SettingForm<Value>,
    _ property: any WritableKeyPath<Operation, Value> & Sendable, isOptional: Bool = false
  ) {
    let standard = isOptional ? Operation()[keyPath: property] : nil
    self.init(key, kerasKey, form, property, common: { _ in standard }, substitute: { _ in standard })
  }

  /// A setting whose value an entry may give once for all of its layers.
  init<Value: Hashable & Sendable>(
    _ key: String, keras kerasKey: String, _ form: SettingForm<Value>,
    _ property: any WritableKeyPath<Operation, Value> & Sendable,
    defaults: any WritableKeyPath<LayerDefaults, Value?> & Sendable
  ) {
    self.init(
      key, kerasKey, form, property, common: { $0[keyPath: defaults] },
      share: { $1[keyPath: defaults] = $0[keyPath: property] }, substitute: { _ in nil })
  }

  /// A setting for which Keras takes another's value where it says `None`.
  init<Value: Hashable & Sendable>(
    _ key: String, keras kerasKey: String, _ form: SettingForm<Value>,
    _ property: any WritableKeyPath<Operation, Value> & Sendable,
    substitute: any KeyPath<Operation, Value> & Sendable
  ) {
    self.init(
      key, kerasKey, form, property, common: { _ in nil }, substitute: { $0[keyPath: substitute] })
  }

  private init<Value: Hashable & Sendable>(
    _ key: String, _ kerasKey: String?, _ form: SettingForm<Value>,
    _ property: any WritableKeyPath<Operation, Value> & Sendable,
    common: @escaping @Sendable (LayerDefaults) -> Value?,
    share: @escaping @Sendable (Operation, inout LayerDefaults) -> Void = { _, _ in },
    substitute: @escaping @Sendable (Operation) -> Value?
  ) {
    self.key = key
    self.share = share
    read = { operation, line in
      let value = try line.value(key, form) ?? common(line.defaults)
      operation[keyPath: property] = try value ?? line.missing(key)
    }
    text = { operation, defaults in
      let value = operation[keyPath: property]
      return value == common(defaults) ? nil : form.text(value)
    }
    describe = { operation, keras in
      guard let kerasKey else { return }
      let value = operation[keyPath: property]
      if let text = form.kerasText(value) {
        keras.add(kerasKey, text)
      } else {
        keras.refuse("\(kerasKey) is \(form.text(value).text), for which Keras 3 has no word")
      }
    }
    translate = { operation, keras in
      guard let kerasKey else { return }
      let fallback = substitute(operation) ?? form.none
      if let value = keras.value(kerasKey, form, ifNone: fallback) { operation[keyPath: property] = value }
    }
  }
}

extension LayerOperation {
  /// The keys of its lines after `name`, `op` and the wiring.
  static var keys: [String] { settings.map(\.key) }

  /// The operation that a line describes.
  init(_ line: LayerLine) throws {
    self.init()
    for setting in Self.settings { try setting.read(&self, line) }
  }

  /// The keys and values of its line, without what the entry's defaults say.
  func members(leavingOut defaults: LayerDefaults) -> [(String, JSONText)] {
    Self.settings.compactMap { setting in setting.text(self, defaults).map { (setting.key, $0) } }
  }

  /// Its values of what layers of an entry may have in common.
  var common: LayerDefaults {
    var common = LayerDefaults()
    for setting in Self.settings { setting.share(self, &common) }
    return common
  }
}
