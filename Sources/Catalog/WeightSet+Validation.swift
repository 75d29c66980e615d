import Encoding

extension WeightSet {
  /// Reads a weight set from the text of its file.
  package init(json text: String, file: String) throws(WeightSetError) {
    do throws(CatalogError) {
      self = try EntryReader(text: text, file: file).decoded(as: StrictWeightSet.self).set
    } catch {
      guard case .invalidEntry(let problems) = error else {
        throw .malformed(file: file, reason: error.description)
      }
      let reasons = problems.map { "line \($0.line): \($0.text)" }
      throw .malformed(file: file, reason: reasons.joined(separator: "; "))
    }
  }

  /// The version of the format that is read.
  static let format = 1

  /// Everything wrong with the set, in sentences; empty when it can be believed.
  ///
  /// - Parameters:
  ///   - layers: The entry's layers that have weights.
  ///   - variants: The names of the entry's graph variants.
  ///   - isWrittenNamed: Whether the graph as written is one of them, so that no graph goes without a name.
  package func problems(
    layers: [String], variants: [String], isWrittenNamed: Bool = true, siblings: [WeightSet]
  ) -> [String] {
    var found: [String] = []
    if let graph, !variants.contains(graph) { found.append("graph '\(graph)' is no variant of the entry") }
    if graph == nil, !variants.isEmpty, isWrittenNamed {
      found.append("the entry has variants, 'graph' names none")
    }
    if siblings.filter({ $0.tag == tag }).count != 1 { found.append("the tag '\(tag)' is not alone") }
    if !weightNames.contains("{layer}") || !weightNames.contains("{role}") {
      found.append("weightNames '\(weightNames)' lacks {layer} or {role}")
    }
    if bindingOf != nil, layers.isEmpty == false, self.layers != nil || autoNumbered != nil {
      found.append("bindingOf stands beside a binding of its own")
    }
    if let name = file?.name, !WeightSet.isFileName(name) {
      found.append("the file's name '\(name)' is not that of a file in a folder")
    }
    found += digestProblems
    do throws(WeightSetError) {
      _ = try WeightBinding(of: self, layers: layers, siblings: siblings)
    } catch {
      found.append(error.description)
    }
    return found
  }

  /// Whether a name, which may be a stranger's, leads to no other place than the one it is put in.
  package static func isFileName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".")
      && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
  }

  private var digestProblems: [String] {
    func isHexadecimal(_ text: String?, count: Int) -> Bool { text?.isHexadecimal(count: count) ?? true }
    var found: [String] = []
    if !isHexadecimal(file?.md5, count: 32) { found.append("md5 is not 32 hexadecimal digits") }
    if !isHexadecimal(file?.withTop?.md5, count: 32) { found.append("md5 with top is not 32 digits") }
    if !isHexadecimal(file?.sha256, count: 64) { found.append("sha256 is not 64 hexadecimal digits") }
    if !isHexadecimal(file?.withTop?.sha256, count: 64) { found.append("sha256 with top is not 64 digits") }
    return found
  }
}
