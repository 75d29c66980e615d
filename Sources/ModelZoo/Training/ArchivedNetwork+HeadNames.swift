import Catalog
import Tensors
import Training

extension ArchivedNetwork {
  /// Refuses a head whose tensors have names of the network's own: an archive has one tensor of a name.
  ///
  /// - Parameter shape: of the features that the head reads.
  func checkNames(beside head: Head, reading shape: TensorShape) throws {
    let own = Dictionary(
      try parameters().map { ($0.name, $0.layer) }, uniquingKeysWith: { first, _ in first })
    // Of a head that is run, and cannot be trained, no summary is made.
    guard let layers = try? head.summary(inputShape: shape) else { return }
    for layer in layers {
      for parameter in layer.parameters {
        guard let namesake = own[HeadModel.prefix + parameter.name] else { continue }
        throw TrainingError.layer(
          name: layer.name, expected: "weights of names that the network does not have itself",
          found:
            "\(HeadModel.prefix + parameter.name), which is of its layer \(namesake); give that layer another name in "
            + "Keras, and convert it again")
      }
    }
  }
}
