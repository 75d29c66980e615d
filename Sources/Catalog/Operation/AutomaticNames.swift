extension LayerOperation {
  /// What Keras's automatic names of its layers begin with: `global_max_pooling2d`.
  package var automaticStem: String { kerasClass.snakeCased }
}

extension [any LayerOperation] {
  /// The names that Keras gives such layers of one model: `dense`, `dropout`, `dense_1`.
  package var automaticNames: [String] {
    var counts: [String: Int] = [:]
    return map { operation in
      let stem = operation.automaticStem
      let count = counts[stem, default: 0]
      counts[stem] = count + 1
      return count == 0 ? stem : "\(stem)_\(count)"
    }
  }
}

extension String {
  /// A class's name as Keras makes a layer's name of it (`keras.src.utils.naming.to_snake_case`): `GlobalMaxPooling2D` is
  /// `global_max_pooling2d`, `PReLU` is `p_re_lu`.
  package var snakeCased: String {
    let characters = filter { $0.isLetter || $0.isNumber || $0 == "_" }.map(\.self)
    return characters.indices.reduce(into: "") { name, index in
      let neighbours = [index - 1, index + 1].filter(characters.indices.contains).map { characters[$0] }
      let begins = characters[index].isUppercase && neighbours.contains(where: \.isLowercase)
      name += (index > 0 && begins ? "_" : "") + characters[index].lowercased()
    }
  }
}
