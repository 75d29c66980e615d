/// What a network gives that has no classifier which predicts.
public enum NetworkOutput: String, Hashable, Sendable {
  /// Numbers that were learnt for their own sake.
  case numbers
  /// Numbers that compare images, and of which none is a class's.
  case embedding
  /// Scores of every pixel, not of the image.
  case pixels
  /// What may be scores as well as features, and is taken for features.
  case undecided
  /// Features.
  case features

  /// What it is, as a sentence goes on.
  public var description: String {
    switch self {
    case .numbers: "numbers of their own; they are its features"
    case .embedding: "an embedding, which compares images; it is its features"
    case .pixels: "scores of every pixel, and none of the whole image"
    case .undecided:
      "what may be scores or features and is taken for features, since no softmax, sigmoid or loss tells; names of the classes, given to "
        + "the conversion, make scores of it"
    case .features: "features"
    }
  }
}
