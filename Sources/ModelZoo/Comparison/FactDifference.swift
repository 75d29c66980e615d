/// Something besides weights in which two networks differ.
public struct FactDifference: Hashable, Sendable {
  /// What networks can differ in.
  public enum Fact: String, Hashable, Sendable, CaseIterable {
    /// What the layers compute: a padding, a stride, an epsilon.
    case graph
    /// How pixels are scaled.
    case preprocessing
    /// The rows and columns of images.
    case imageSize = "image size"
    /// How images are resized.
    case interpolation
    /// Where features end, and how they are pooled.
    case features = "end of features"
    /// The layers of the head.
    case head
    /// The names of the classes.
    case classes
    /// Settings of layers, of files whose graphs cannot be compared.
    case settings = "settings of layers"
    /// Tensors that one file names among its weights, and the other has beside them.
    case weightLists = "lists of weights"
    /// Files that are packed with the weights, as Keras packs vocabularies.
    case members = "packed files"
  }

  /// What it is.
  public let fact: Fact
  /// How it is in the first file, in words.
  public let first: String
  /// How it is in the second file, in words.
  public let second: String
  /// The single differences, where there are several: one sentence for each, in which what is expected is the first file's.
  public let details: [String]

  init(_ fact: Fact, _ first: String, _ second: String, details: [String] = []) {
    (self.fact, self.first, self.second, self.details) = (fact, first, second, details)
  }
}
