/// A weight set with the version of its format, and with no key that is not understood: one that is misspelt would
/// otherwise change what is read without a word.
struct StrictWeightSet: Decodable {
  let set: WeightSet

  private enum Key: String, CodingKey { case format, file, withTop }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let format = try values.decode(Int.self, forKey: .format)
    guard format == WeightSet.format else {
      throw values.wrong(
        .format, "is \(format); expected \(WeightSet.format), the only one this program reads")
    }
    let known = [Key.format.rawValue] + WeightSet.CodingKeys.allCases.map(\.rawValue)
    try decoder.container(keyedBy: AnyKey.self).expectOnly(known.map(AnyKey.init(stringValue:)))
    if values.contains(.file) {
      try values.nestedContainer(keyedBy: AnyKey.self, forKey: .file)
        .expectOnly(WeightSet.PublishedFile.CodingKeys.allCases)
      let file = try values.nestedContainer(keyedBy: Key.self, forKey: .file)
      if file.contains(.withTop) {
        try file.nestedContainer(keyedBy: AnyKey.self, forKey: .withTop)
          .expectOnly(WeightSet.Digest.CodingKeys.allCases)
      }
    }
    set = try WeightSet(from: decoder)
  }
}
