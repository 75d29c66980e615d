/// The order in which calls of layers come behind what they read: files list layers, and a layer that is called twice stands where
/// it is called first.
struct CallOrder {
  /// One call of a layer.
  struct Call {
    var layer: KerasArchitecture.Layer
    var number: Int
    /// The layer's place in the file.
    fileprivate var place: Int
  }

  /// How many calls of every layer there are.
  private let counts: [String: Int]
  private var ready: [Call] = []
  /// The calls that wait for another layer's, by its name.
  private var waiting: [String: [Call]] = [:]
  private var place = 0

  init(_ layers: [KerasArchitecture.Layer]) {
    counts = Dictionary(layers.map { ($0.name, $0.ownCalls.count) }, uniquingKeysWith: { first, _ in first })
  }

  /// Adds all calls of a layer.
  mutating func add(_ layer: KerasArchitecture.Layer) {
    let calls = layer.ownCalls.indices.map { Call(layer: layer, number: $0, place: place) }
    ready += calls.reversed()
    place += 1
  }

  /// Says that a layer is there whose calls were not added.
  mutating func finish(_ name: String) { release(name) }

  /// The next call of which everything it reads is among `known`; nil where none is.
  mutating func next<Value>(_ known: [String: [Value]]) -> Call? {
    while let call = ready.popLast() {
      guard let missing = missing(call, known) else {
        release(call.layer.name)
        return call
      }
      waiting[missing, default: []].append(call)
    }
    return nil
  }

  /// The calls that read what never came, in the file's order.
  var rest: [Call] {
    waiting.values.joined().sorted { ($0.place, $0.number) < ($1.place, $1.number) }
  }

  private mutating func release(_ name: String) {
    ready += (waiting.removeValue(forKey: name) ?? []).reversed()
  }

  /// The first layer that a call waits for; nil for none.
  private func missing<Value>(_ call: Call, _ known: [String: [Value]]) -> String? {
    if known[call.layer.name]?.count ?? 0 < call.number { return call.layer.name }
    let own = call.layer.ownCalls[call.number]
    let read = (own.arguments + own.keywords.sorted { $0.key < $1.key }.map(\.value)).flatMap(\.tensors)
    return read.first { reference in
      guard let count = counts[reference.layer] else { return false }
      let found = known[reference.layer]?.count ?? -1
      return found <= reference.call && found < count
    }?.layer
  }
}

extension KerasArchitecture.Layer {
  /// Its calls; an input counts as called once.
  var ownCalls: [KerasArchitecture.Call] { className == "InputLayer" ? [KerasArchitecture.Call()] : calls }
}
