/// A difference in words that stay short.
extension SettingDifference {
  /// `seed: the checkpoint has 9, found 8`; of long lists what only one side has.
  var words: String {
    let isLong = max(checkpoint.count, found.count) > Self.mostCharacters
    guard isLong else { return "\(name): the checkpoint has \(checkpoint), found \(found)" }
    let (former, own) = (Self.items(checkpoint), Self.items(found))
    return
      "\(name): the checkpoint has \(Self.words(former, without: own)), found \(Self.words(own, without: former))"
  }

  private static let mostCharacters = 80
  private static let mostItems = 3

  private static func items(_ text: String) -> [String] {
    guard !text.contains("(") else { return [text] }
    return text.split(separator: ", ").map(String.init)
  }

  private static func words(_ items: [String], without others: [String]) -> String {
    let others = Set(others)
    let own = items.filter { !others.contains($0) }
    guard !own.isEmpty else { return "none of these" }
    let named = own.prefix(mostItems).map { $0.count > 160 ? "\($0.prefix(157))..." : $0 }
    let more = own.count > named.count ? " and \(own.count - named.count) more" : ""
    return named.joined(separator: ", ") + more
  }
}
