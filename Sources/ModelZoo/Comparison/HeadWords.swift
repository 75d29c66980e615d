/// The layers of a head as its JSON has them, in words: `dense(activation softmax, bias true, units 4)`.
struct HeadWords: Decodable {
  private enum Value: Decodable {
    case word(String)
    case members([String: Value])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .word(text)
      } else if let flag = try? container.decode(Bool.self) {
        self = .word("\(flag)")
      } else if let number = try? container.decode(Double.self) {
        self = .word(number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)")
      } else if let list = try? container.decode([Value].self) {
        self = .word("[" + list.map(\.text).joined(separator: ", ") + "]")
      } else {
        self = .members(try container.decode([String: Value].self))
      }
    }

    var text: String {
      switch self {
      case .word(let text): text
      case .members(let members):
        members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ")
      }
    }
  }

  private var layers: [[String: Value]]

  var text: String {
    layers.map { layer in
      let settings = layer.filter { !["op", "name", "input"].contains($0.key) }.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value.text)" }
      let name = layer["op"]?.text ?? "layer"
      return settings.isEmpty ? name : "\(name)(\(settings.joined(separator: ", ")))"
    }.joined(separator: ", ")
  }
}
