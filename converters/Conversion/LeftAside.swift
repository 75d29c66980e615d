/// What a file holds besides the weights that are converted.
package struct LeftAside: Sendable {
  /// Tensors, which are read like all others. No path among theirs is that of a weight.
  package var tensors: [SourceTensor] = []
  /// The paths of what is there and cannot be read, or is not followed.
  package var unread: [String] = []
  /// Files that are packed with the weights' own: a vocabulary.
  package var members: [Member] = []

  /// A file inside the file.
  package struct Member: Hashable, Sendable {
    package let name: String
    package let byteCount: Int
    /// SHA-256.
    package let digest: String

    package init(name: String, byteCount: Int, digest: String) {
      (self.name, self.byteCount, self.digest) = (name, byteCount, digest)
    }
  }

  /// Nothing.
  package init() {}
}
