import Foundation
import Tensors

/// The keys of an entry, in their order.
enum EntryKey: String, CodingKey, CaseIterable {
  case format, identifier, title, kerasName, paper, licence, imageNet, preprocessing, defaultSize
  case minimumSize, sizeMultiple, poolsAhead, claims, defaults, blocks, variants
}

extension EntryRecord: Decodable {
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: EntryKey.self)
    let format = try values.decode(Int.self, forKey: .format)
    guard format == Self.format else {
      throw values.wrong(.format, "is \(format); expected \(Self.format), the only one this program reads")
    }
    try decoder.container(keyedBy: AnyKey.self).expectOnly(EntryKey.allCases)
    identifier = try values.name(.identifier)
    title = try values.line(.title)
    kerasName = try values.name(.kerasName)
    paper = try values.line(.paper)
    licence = try values.line(.licence)
    imageNet = try values.decodeIfPresent(PublishedAccuracy.self, forKey: .imageNet)
    preprocessing = try values.decode(PreprocessingRecord.self, forKey: .preprocessing).value
    defaultSize = try values.extent(.defaultSize, upTo: Limits.inputSize)
    minimumSize = try values.extent(.minimumSize, upTo: Limits.inputSize)
    if values.contains(.sizeMultiple) {
      sizeMultiple = try values.count(.sizeMultiple, from: 2, upTo: Limits.inputSize)
    }
    if values.contains(.poolsAhead) { poolsAhead = try values.name(.poolsAhead) }
    claims = try values.decode(Claims.self, forKey: .claims)
    defaults = try values.decodeIfPresent(LayerDefaults.self, forKey: .defaults) ?? LayerDefaults()
    blocks = try values.decode([BlockRecord].self, forKey: .blocks, configuration: defaults)
    variants =
      try values.decodeIfPresent([VariantRecord].self, forKey: .variants, configuration: defaults) ?? []
    guard blocks.reduce(0, { $0 + $1.layers.count }) <= Limits.layers else {
      throw values.wrong(.blocks, "hold too many layers; expected at most \(Limits.layers)")
    }
    guard variants.count <= Limits.variants else {
      throw values.wrong(.variants, "are \(variants.count); expected at most \(Limits.variants)")
    }
  }
}

extension PublishedAccuracy: Decodable {
  enum Key: String, CodingKey, CaseIterable { case top1, source }

  /// Reads what an entry says.
  ///
  /// - Throws: `DecodingError` for other keys, for more than 100 of a hundred, and for a source that is no line of text.
  public init(from decoder: any Decoder) throws {
    try decoder.container(keyedBy: AnyKey.self).expectOnly(Key.allCases)
    let values = try decoder.container(keyedBy: Key.self)
    top1 = try values.number(.top1, above: 0)
    guard top1 <= 100 else { throw values.wrong(.top1, "is \(top1); expected per cent, 100 at most") }
    source = try values.line(.source)
  }
}

extension BlockRecord: DecodableWithConfiguration {
  private enum Key: String, CodingKey, CaseIterable { case name, sameAs, layers }

  init(from decoder: any Decoder, configuration: LayerDefaults) throws {
    try decoder.container(keyedBy: AnyKey.self).expectOnly(Key.allCases)
    let values = try decoder.container(keyedBy: Key.self)
    name = try values.name(.name)
    sameAs = values.contains(.sameAs) ? try values.name(.sameAs) : nil
    layers = try values.decode([Layer].self, forKey: .layers, configuration: configuration)
  }
}

extension VariantRecord: DecodableWithConfiguration {
  private enum Key: String, CodingKey, CaseIterable {
    case name, note, initial, framework, preprocessing, omit, insert, replace, append, bias, scale, epsilon,
      momentum, minimumSize, claims
  }

  init(from decoder: any Decoder, configuration: LayerDefaults) throws {
    try decoder.container(keyedBy: AnyKey.self).expectOnly(Key.allCases)
    let values = try decoder.container(keyedBy: Key.self)
    name = try values.name(.name)
    note = try values.line(.note)
    initial = try values.decodeIfPresent([String].self, forKey: .initial) ?? []
    framework = try values.decodeIfPresent(Framework.self, forKey: .framework) ?? .keras
    preprocessing = try values.decodeIfPresent(PreprocessingRecord.self, forKey: .preprocessing)?.value
    omit = try values.decodeIfPresent([String].self, forKey: .omit) ?? []
    insert = try values.decodeIfPresent([Layer].self, forKey: .insert, configuration: configuration) ?? []
    replace =
      try values.decodeIfPresent([Layer].self, forKey: .replace, configuration: configuration) ?? []
    append = try values.decodeIfPresent([Layer].self, forKey: .append, configuration: configuration) ?? []
    bias = try values.decodeIfPresent(Bool.self, forKey: .bias)
    scale = try values.decodeIfPresent(Bool.self, forKey: .scale)
    epsilon = values.contains(.epsilon) ? try values.number(.epsilon, above: 0) : nil
    momentum = values.contains(.momentum) ? try values.number(.momentum, from: 0) : nil
    minimumSize =
      values.contains(.minimumSize) ? try values.extent(.minimumSize, upTo: Limits.inputSize) : nil
    claims = try values.decodeIfPresent(Claims.self, forKey: .claims) ?? Claims()
  }
}

extension Claims: Decodable {
  private enum Key: String, CodingKey, CaseIterable {
    case layers, parameters, trainable, nonTrainable, output, outputAtMinimum, smallestSize
  }

  package init(from decoder: any Decoder) throws {
    try decoder.container(keyedBy: AnyKey.self).expectOnly(Key.allCases)
    let values = try decoder.container(keyedBy: Key.self)
    layers = try values.decodeIfPresent(Int.self, forKey: .layers)
    parameters = try values.decodeIfPresent(Int.self, forKey: .parameters)
    trainable = try values.decodeIfPresent(Int.self, forKey: .trainable)
    nonTrainable = try values.decodeIfPresent(Int.self, forKey: .nonTrainable)
    output = try values.decodeIfPresent([Int].self, forKey: .output)
    outputAtMinimum = try values.decodeIfPresent([Int].self, forKey: .outputAtMinimum)
    smallestSize =
      values.contains(.smallestSize) ? try values.extent(.smallestSize, upTo: Limits.inputSize) : nil
  }
}

/// A preprocessing as it stands in an entry.
struct PreprocessingRecord: Decodable {
  var value: Preprocessing

  private enum Key: String, CodingKey, CaseIterable { case label, channelOrder, divisor, mean, deviation }

  init(from decoder: any Decoder) throws {
    try decoder.container(keyedBy: AnyKey.self).expectOnly(Key.allCases)
    let values = try decoder.container(keyedBy: Key.self)
    let order = try values.decode(String.self, forKey: .channelOrder)
    guard let channelOrder = Preprocessing.ChannelOrder(rawValue: order) else {
      throw values.wrong(.channelOrder, "is \"\(order)\"; expected rgb or bgr")
    }
    value = Preprocessing(
      label: try values.line(.label), channelOrder: channelOrder,
      divisor: try values.decode(Float.self, forKey: .divisor),
      mean: try values.decode([Float].self, forKey: .mean),
      deviation: try values.decode([Float].self, forKey: .deviation))
    let divisors = [value.divisor] + value.deviation
    guard value.mean.count == value.deviation.count, divisors.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw values.wrong(.deviation, "and divisor must be positive, mean and deviation equally many")
    }
  }
}
