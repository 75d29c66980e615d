/// The validator: recomputes what an entry claims.
extension CatalogEntry {
  /// Everything wrong with the entry, in the order of its lines; empty when every claim was proved.
  package func problems() -> [CatalogProblem] {
    var problems = headProblems() + blockProblems()
    let written = graphProblems(
      variant: nil, at: [], minimumSize: record.minimumSize, claims: record.claims)
    problems += written
    // What is wrong with the graph as written would be said again of each variant.
    let variants = written.isEmpty ? record.variants : []
    for (index, variant) in variants.enumerated() {
      problems += graphProblems(
        variant: variant.name, at: [.key("variants"), .index(index)],
        minimumSize: variant.minimumSize ?? record.minimumSize,
        claims: variant.claims.filled(from: record.claims))
    }
    return problems.sorted { $0.line < $1.line }
  }

  /// What is wrong with the entry where it lies in a folder called `name`: nil unless that is the name of another.
  package func problem(inFolder name: String) -> CatalogProblem? {
    name == identifier
      ? nil
      : problem(
        at: [.key("identifier")], "identifier is \(identifier); expected \(name), the name of the folder")
  }

  /// The entry in the one legal layout.
  package var canonicalJSON: String { EntryWriter(record: record).text }

  private func headProblems() -> [CatalogProblem] {
    var problems: [CatalogProblem] = []
    let legal = identifier.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_.-".utf8.contains($0) }
    if !legal || identifier.hasPrefix(".") {
      problems.append(
        problem(
          at: [.key("identifier")],
          "identifier is \(identifier); expected lower-case letters, digits, _ . and -, for it names a folder"
        ))
    }
    if defaultSize.height < record.minimumSize.height || defaultSize.width < record.minimumSize.width {
      problems.append(
        problem(
          at: [.key("defaultSize")],
          "the default size \(defaultSize.words) is below the minimum, \(record.minimumSize.words)"))
    }
    let sizes = [(defaultSize, "defaultSize"), (record.minimumSize, "minimumSize")]
    for (size, key) in sizes where ![size.height, size.width].allSatisfy({ $0 % record.sizeMultiple == 0 }) {
      problems.append(
        problem(
          at: [.key(key)],
          "\(key) is \(size.words); expected multiples of \(record.sizeMultiple), as sizeMultiple says"))
    }
    return problems + preprocessingProblems() + duplicateVariants() + strangeInitialLayers()
      + poolingProblems()
  }

  private func preprocessingProblems() -> [CatalogProblem] {
    guard let input = record.blocks.first?.layers.first?.operation as? InputLayer,
      preprocessing.mean.count != input.channels
    else { return [] }
    return [
      problem(
        at: [.key("preprocessing")],
        "preprocessing is for \(preprocessing.mean.count) channels; expected \(input.channels), the input's")
    ]
  }

  private func duplicateVariants() -> [CatalogProblem] {
    let names = record.variants.map(\.name)
    return names.indices.filter { names[..<$0].contains(names[$0]) }.map { index in
      problem(
        at: [.key("variants"), .index(index)],
        "variant \(names[index]): the name is taken; expected every variant's name once")
    }
  }

  /// Layers that variants know the beginning of, and that are not there.
  private func strangeInitialLayers() -> [CatalogProblem] {
    let layers = Set(record.blocks.flatMap(\.layers).map(\.name))
    return record.variants.enumerated().flatMap { index, variant in
      variant.initial.filter { !layers.contains($0) }.map { name in
        problem(
          at: [.key("variants"), .index(index), .key("initial")],
          "variant \(variant.name): initial names \(name); expected a layer of the network")
      }
    }
  }

  private func poolingProblems() -> [CatalogProblem] {
    do throws(CatalogError) {
      _ = try poolingSplit()
      return []
    } catch .invalidEntry(let problems) {
      // What is wrong with the graph is said of the graph.
      return problems.filter { $0.text.hasPrefix("poolsAhead ") }
    } catch {
      return []
    }
  }

  /// Names of blocks, and every `sameAs`.
  private func blockProblems() -> [CatalogProblem] {
    var problems: [CatalogProblem] = []
    for (index, block) in record.blocks.enumerated() {
      let path: [JSONLocator.Step] = [.key("blocks"), .index(index)]
      let earlier = record.blocks[..<index]
      if earlier.contains(where: { $0.name == block.name }) {
        problems.append(
          problem(at: path, "block \(block.name): the name is taken; expected every block's name once"))
      }
      guard let name = block.sameAs else { continue }
      guard let sibling = earlier.first(where: { $0.name == name }) else {
        problems.append(problem(at: path, "block \(block.name): no block before it is called \(name)"))
        continue
      }
      if let difference = BlockComparison(block: block, sibling: sibling).firstDifference {
        problems.append(
          problem(
            at: path + [.key("layers"), .index(difference.layer)],
            "block \(block.name) is not the same as \(name): \(difference.problem)"))
      }
    }
    return problems
  }

  /// One graph: its wiring, its shapes, and every claim about it.
  private func graphProblems(
    variant: String?, at path: [JSONLocator.Step], minimumSize: Extent, claims: Claims
  ) -> [CatalogProblem] {
    let prefix = variant.map { "variant \($0): " } ?? ""
    do {
      var problems: [CatalogProblem] = []
      let graph = try wiredGraph(variant: variant, problems: &problems)
      guard problems.isEmpty else { return problems }
      let computed = try Claims(computedFrom: graph, defaultSize: defaultSize, minimumSize: minimumSize)
      if let smallest = computed.smallestSize,
        smallest.height > minimumSize.height || smallest.width > minimumSize.width
      {
        problems.append(
          problem(
            at: path + [.key("minimumSize")],
            "\(prefix)the minimum size \(minimumSize.words) is too small; the layers need \(smallest.words)"))
      }
      return problems
        + claims.differences(from: computed).map { key, text in
          problem(at: path + [.key("claims"), .key(key)], prefix + text)
        }
    } catch .invalidEntry(let problems) {
      return problems
    } catch .invalidGraph(let layer, let text) {
      return [problem(at: place(of: layer) ?? path, "\(prefix)\(layer): \(text)")]
    } catch {
      return [problem(at: path, prefix + error.description)]
    }
  }

  /// Where the line of a layer stands.
  private func place(of layer: String) -> [JSONLocator.Step]? {
    for (blockIndex, block) in record.blocks.enumerated() {
      guard let index = block.layers.firstIndex(where: { $0.name == layer }) else { continue }
      return [.key("blocks"), .index(blockIndex), .key("layers"), .index(index)]
    }
    return nil
  }
}

extension Claims {
  /// The claims that are missing or untrue: key and sentence.
  fileprivate func differences(from computed: Claims) -> [(key: String, text: String)] {
    let claimed = Dictionary(uniqueKeysWithValues: members.map { ($0, $1.text) })
    return computed.members.compactMap { key, value in
      guard let claim = claimed[key] else { return (key, "no claim of \(key); it is \(value.text)") }
      return claim == value.text ? nil : (key, "the claim of \(key) is \(claim); it is \(value.text)")
    }
  }
}
