/// Work that was told to stop, and saved what it had done.
struct Interruption: Error, CustomStringConvertible {
  /// What was saved, and how to go on.
  let description: String
}
