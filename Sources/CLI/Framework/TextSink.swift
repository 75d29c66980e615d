/// Where text goes: a standard stream, or a test's memory.
package protocol TextSink: Sendable {
  /// Appends text as it is.
  func write(_ text: String)

  /// Whether a person is watching.
  var isTerminal: Bool { get }

  /// The columns of the terminal, when there is one and it tells.
  var columns: Int? { get }

  /// Whether the reader has gone, as `head` does; what is written from then on is dropped.
  var isGone: Bool { get }

  /// Why writing failed for another reason than a reader who left: a full disk.
  var failure: String? { get }
}
