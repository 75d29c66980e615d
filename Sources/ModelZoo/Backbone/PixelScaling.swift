import Catalog
import Images
import TensorArchive
public import Tensors

/// How images are brought to the size of a model's input, and who says so.
public struct PixelScaling: Hashable, Sendable {
  /// Who says how.
  public enum Origin: Hashable, Sendable {
    /// The training of the model's head.
    case training
    /// The archive that a whole model of Keras was converted to.
    case archive
    /// Nobody: a whole model of Keras was saved without it, and Keras's default is taken.
    case nobody
  }

  /// Rows of the input.
  public let height: Int
  /// Columns of the input.
  public let width: Int
  /// How pixels between those of the image are found.
  public let interpolation: Interpolation
  /// Who says so.
  public let origin: Origin

  /// That of the model in an archive; nil where none is in it, or none that can be read.
  init?(_ archive: Archive) {
    guard let sections = ModelSections(archive), let options = try? sections.backboneOptions(),
      let height = options.height, let width = options.width, let interpolation = options.interpolation
    else { return nil }
    (self.height, self.width, self.interpolation) = (height, width, interpolation)
    let isWhole = !archive.isCheckpoint && (try? sections.isWhole) == true
    let network = try? ArchivedNetwork(sections: archive.manifest?.sections ?? [:], place: archive.path)
    origin = isWhole ? network?.images.interpolation == nil ? .nobody : .archive : .training
  }

  /// Whether it is that of a whole model of Keras, and not what most models are trained with today.
  var isNoteworthy: Bool { origin != .training && interpolation != .bilinear }
}

extension BackboneOptions {
  /// Whether images are brought to the size that a model says.
  func isOfSize(of scaling: PixelScaling) -> Bool {
    height ?? scaling.height == scaling.height && width ?? scaling.width == scaling.width
  }
}

extension PixelScaling: CustomStringConvertible {
  /// What there is to say, behind *resized to*: `224 x 224 by bilinear interpolation, as in its training`.
  public var description: String {
    let way = interpolation == .nearest ? "the nearest pixel" : "\(interpolation.rawValue) interpolation"
    let reason =
      switch origin {
      case .training: "as in its training"
      case .archive: "as its archive says"
      case .nobody: "as in flow_from_directory, since the model does not say how its own images were"
      }
    return "\(height) x \(width) by \(way), \(reason)"
  }
}

extension TrainedModel {
  /// A setting that a user may want to change, though it works: how images are resized for a whole model of Keras.
  public var notices: [BackboneNotice] {
    guard let scaling = PixelScaling(backbone.archive), scaling.isNoteworthy else { return [] }
    return [.scaledPixels(scaling)]
  }
}
