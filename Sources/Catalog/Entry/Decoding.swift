import Encoding
import Tensors

/// A key of any spelling, to see what a file really holds.
struct AnyKey: CodingKey, ExpressibleByStringLiteral {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
  init(stringLiteral text: String) { stringValue = text }
}

extension KeyedDecodingContainer<AnyKey> {
  /// Refuses every key that is not among `known`.
  func expectOnly(_ known: [some CodingKey]) throws {
    let spellings = known.map(\.stringValue)
    for key in allKeys where !spellings.contains(key.stringValue) {
      let meant = nearest(to: key.stringValue, in: spellings)
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath + [key],
          debugDescription: "the key \"\(key.stringValue)\" is not known here; "
            + (meant.map { "did you mean \"\($0)\"?" } ?? "expected \(spellings.joined(separator: ", "))")))
    }
  }
}

extension KeyedDecodingContainer {
  /// One of an enumeration's spellings.
  func spelled<Value: RawRepresentable & CaseIterable>(_ key: Key) throws -> Value
  where Value.RawValue == String {
    let text = try decode(String.self, forKey: key)
    guard let value = Value(rawValue: text) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw wrong(key, "is \"\(text)\"; expected one of \(known)")
    }
    return value
  }

  /// A name: neither empty nor endless, without control characters.
  func name(_ key: Key) throws -> String {
    let text = try decode(String.self, forKey: key)
    guard 1...Limits.nameBytes ~= text.utf8.count, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw wrong(
        key, "is \"\(text.prefix(40))\"; expected a name of 1 to \(Limits.nameBytes) bytes without blanks")
    }
    return text
  }

  /// One line of text.
  func line(_ key: Key) throws -> String {
    let text = try decode(String.self, forKey: key)
    guard 1...Limits.textBytes ~= text.utf8.count, text.utf8.allSatisfy({ $0 >= 0x20 }) else {
      throw wrong(key, "has \(text.utf8.count) bytes; expected one line of 1 to \(Limits.textBytes)")
    }
    return text
  }

  func count(_ key: Key, from least: Int = 1, upTo most: Int) throws -> Int {
    let value = try decode(Int.self, forKey: key)
    guard least...most ~= value else { throw wrong(key, "is \(value); expected \(least) to \(most)") }
    return value
  }

  /// Rows and columns.
  func extent(_ key: Key, upTo most: Int = Limits.extent) throws -> Extent {
    let values = try decode([Int].self, forKey: key)
    guard values.count == 2, values.allSatisfy({ 1...most ~= $0 }) else {
      throw wrong(key, "is \(values); expected rows and columns, each 1 to \(most)")
    }
    return Extent(values[0], values[1])
  }

  /// `[[top, bottom], [left, right]]`.
  func insets(_ key: Key) throws -> EdgeInsets {
    let values = try decode([[Int]].self, forKey: key)
    let flat = values.flatMap(\.self)
    guard values.map(\.count) == [2, 2], flat.allSatisfy({ 0...Limits.extent ~= $0 }) else {
      throw wrong(key, "is \(values); expected [[top, bottom], [left, right]], each 0 to \(Limits.extent)")
    }
    return EdgeInsets(top: flat[0], bottom: flat[1], left: flat[2], right: flat[3])
  }

  func number(_ key: Key) throws -> Double { try number(key, above: -.infinity) }

  func number(_ key: Key, above least: Double) throws -> Double {
    let value = try decode(Double.self, forKey: key)
    guard value > least, value.isFinite else { throw wrong(key, "is \(value); expected more than \(least)") }
    return value
  }

  func number(_ key: Key, from least: Double) throws -> Double {
    let value = try decode(Double.self, forKey: key)
    guard value >= least, value.isFinite else {
      throw wrong(key, "is \(value); expected \(least) or more")
    }
    return value
  }

  /// A number, or a list of numbers.
  func numbers(_ key: Key, upTo limit: Int = Limits.channels) throws -> [Double] {
    if let number = try? decode(Double.self, forKey: key) { return [number] }
    let values = try decode([Double].self, forKey: key)
    guard 1...limit ~= values.count, values.allSatisfy(\.isFinite) else {
      throw wrong(key, "has \(values.count) numbers; expected 1 to \(limit)")
    }
    return values
  }

  /// Extents of a shape without the batch axis.
  func extents(_ key: Key) throws -> [Int] {
    let values = try decode([Int].self, forKey: key)
    guard SettingForm<[Int]>.isShape(values) else {
      throw wrong(key, "is \(values); expected up to four extents, each 1 to \(Limits.channels) or -1")
    }
    return values
  }

  /// Axes of an activation, counted from 1.
  func axes(_ key: Key) throws -> [Int] {
    let values = try decode([Int].self, forKey: key)
    guard values.count <= 3, values.allSatisfy({ 1...3 ~= $0 }) else {
      throw wrong(key, "is \(values); expected up to three axes, each 1 to 3")
    }
    return values
  }

  /// A dropout rate.
  func rate(_ key: Key) throws -> Double {
    let value = try decode(Double.self, forKey: key)
    guard value >= 0, value < 1 else { throw wrong(key, "is \(value); expected 0 up to but not 1") }
    return value
  }

  func wrong(_ key: Key, _ problem: String) -> DecodingError {
    .dataCorrupted(
      .init(codingPath: codingPath + [key], debugDescription: "\(key.stringValue) \(problem)"))
  }
}
