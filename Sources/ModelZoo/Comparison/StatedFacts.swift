import Catalog
import Encoding
import WeightConversion

/// What a weight file says of itself besides tensors and its graph, as far as two files can differ in it.
struct StatedFacts {
  private let form: String
  private let version: String?
  private let backend: String?
  private let settings: KerasSettings?
  /// The layers that have weights, in the file's order.
  private let layers: [String]
  private let members: [LeftAside.Member]
  private let leftAside: Set<String>
  /// Why the graph that the file has is not compared; nil where it is, or the file has none.
  let graphProblem: String?

  /// - Parameter problem: why it cannot be converted; nil where it can be.
  init(_ source: any WeightSource, _ leftAside: LeftAside, problem: String?) {
    (form, version, backend) = (source.formName, source.facts.writerVersion, source.facts.backend)
    settings = source.facts.architecture.flatMap { KerasSettings(json: $0) }
    layers = source.layers.map { $0.path.joined(separator: "/") }
    members = leftAside.members
    self.leftAside = Set(leftAside.tensors.map(\.path))
    graphProblem = source.facts.architecture == nil && source.facts.network == nil ? nil : problem
  }

  /// What differs, and makes the files different.
  ///
  /// - Parameters:
  ///   - tensors: those of both files, compared.
  ///   - comparesGraphs: whether both graphs are compared otherwise.
  func differences(
    from other: StatedFacts, _ tensors: [TensorComparison], comparesGraphs: Bool
  ) -> [FactDifference] {
    let settings = comparesGraphs ? nil : settingsDifference(from: other)
    return [settings, listDifference(from: other, tensors), memberDifference(from: other)].compactMap(\.self)
  }

  /// What differs and changes no number that either network gives, in sentences.
  func notes(besides other: StatedFacts) -> [String] {
    func words(_ what: String, _ first: String?, _ second: String?) -> String? {
      guard let first, let second, first != second else { return nil }
      return "\(what): A \(first.printable), B \(second.printable)"
    }
    let training = differences(from: other).filter(\.isOfTraining).map(\.words)
    let listed = training.prefix(Self.listLength) + (training.count > Self.listLength ? ["..."] : [])
    return [
      words("written by", version, other.version), words("backend", backend, other.backend),
      training.isEmpty
        ? nil
        : "\(counted(training.count, "setting")) of layers that training alone heeds: A and B have \(listed.joined(separator: "; "))",
      orderNote(besides: other),
    ].compactMap(\.self)
  }

  private static let listLength = 12
}

extension StatedFacts {
  private func differences(from other: StatedFacts) -> [KerasSettings.Difference] {
    guard let settings, let others = other.settings else { return [] }
    return settings.differences(from: others)
  }

  private func settingsDifference(from other: StatedFacts) -> FactDifference? {
    guard let settings, let others = other.settings else { return nil }
    let found = settings.differences(from: others).filter { !$0.isOfTraining }
    let classes = settings.surplus(over: others)
    guard !found.isEmpty || !classes.isEmpty else { return nil }
    if let only = found.first, found.count == 1, classes.isEmpty {
      let place = "\(only.layer): \(only.setting)"
      return FactDifference(.settings, "\(place) \(only.first)", "\(place) \(only.second)")
    }
    let count = counted(found.count + classes.count, "value")
    return FactDifference(
      .settings, "\(count) of its own", "\(count) of its own", details: found.map(\.words) + classes)
  }

  private func listDifference(from other: StatedFacts, _ tensors: [TensorComparison]) -> FactDifference? {
    let details = tensors.compactMap { tensor -> String? in
      guard tensor.match != .values, let first = tensor.first, let second = tensor.second else { return nil }
      let (isBeside, otherIsBeside) = (
        leftAside.contains(first.path), other.leftAside.contains(second.path)
      )
      guard isBeside != otherIsBeside else { return nil }
      return
        "\(first.path.printable) is a weight in \(isBeside ? "B" : "A") and beside the weights in \(isBeside ? "A" : "B")"
    }
    guard !details.isEmpty else { return nil }
    let (own, its) = (tensors.weightCount(\.first, leftAside), tensors.weightCount(\.second, other.leftAside))
    return FactDifference(.weightLists, counted(own, "weight"), counted(its, "weight"), details: details)
  }

  private func memberDifference(from other: StatedFacts) -> FactDifference? {
    let own = Dictionary(members.map { ($0.name, $0) }) { first, _ in first }
    let others = Dictionary(other.members.map { ($0.name, $0) }) { first, _ in first }
    let details = Set(own.keys).union(others.keys).sorted().compactMap { name -> String? in
      switch (own[name], others[name]) {
      case (let first?, let second?) where first == second: nil
      case (let first?, let second?):
        "\(name.printable): other bytes (\(first.byteCount.grouped) and \(second.byteCount.grouped))"
      case (nil, _): "\(name.printable): only in B"
      case (_, nil): "\(name.printable): only in A"
      }
    }
    guard !details.isEmpty else { return nil }
    return FactDifference(
      .members, counted(members.count, "file"), counted(other.members.count, "file"), details: details)
  }

  /// That layers stand in another order, by which older Kerases load them.
  private func orderNote(besides other: StatedFacts) -> String? {
    guard form == other.form, layers != other.layers, Set(layers) == Set(other.layers),
      let place = zip(layers, other.layers).enumerated().first(where: { $0.element.0 != $0.element.1 })
    else { return nil }
    let (first, second) = place.element
    return
      "the same layers stand in another order: layer \(place.offset + 1) is \(first.printable) in A, \(second.printable) in B"
  }
}

extension [TensorComparison] {
  fileprivate func weightCount(
    _ side: (TensorComparison) -> TensorComparison.Side?, _ leftAside: Set<String>
  ) -> Int {
    count { side($0).map { !leftAside.contains($0.path) } ?? false }
  }
}
