public import Datasets
import Encoding
import Foundation
public import Images

/// The images that a model was trained on: how others were held back from it, and a digest of each.
///
/// A model is measured on images that it was not trained on; of any image, whatever it is called, this says whether it is one.
public struct LearntImages: Hashable, Sendable {
  /// How images were held back for validation; nil if none were split off.
  public let holdback: ValidationSplit?
  /// The first eight bytes of the SHA-256 of every image.
  private let digests: Set<UInt64>
  /// Whether all images that the model was trained on are among them; not after a training on features, which do not say of which
  /// bytes they are.
  public let isComplete: Bool

  /// How many images there are, copies counted once.
  public var count: Int { digests.count }

  /// Reads `images`, each once; those that cannot be read were not learnt from.
  ///
  /// - Throws: `CancellationError`, between two images.
  /// - Complexity: O(bytes).
  init(
    _ images: some Sequence<ImageLocation>, holdback: ValidationSplit?, _ cancellation: Cancellation
  ) throws {
    self.holdback = holdback
    isComplete = true
    digests = Set(
      try images.compactMap { image in
        try cancellation.check()
        return Self.digest(image)
      })
  }

  private init(_ digests: Set<UInt64>, _ holdback: ValidationSplit?, isComplete: Bool) {
    (self.digests, self.holdback, self.isComplete) = (digests, holdback, isComplete)
  }

  /// Images of which there are features alone, so that nothing tells them from others.
  static func unknown(holdback: ValidationSplit?) -> LearntImages {
    LearntImages([], holdback, isComplete: false)
  }

  /// These images and those of an earlier training; what was held back is what was held back this time.
  func union(_ earlier: LearntImages) -> LearntImages {
    LearntImages(
      digests.union(earlier.digests), holdback, isComplete: isComplete && earlier.isComplete)
  }

  /// Whether an image is one of them, byte for byte.
  ///
  /// - Complexity: O(bytes).
  public func contains(_ image: ImageLocation) -> Bool {
    Self.digest(image).map(digests.contains) ?? false
  }

  /// Whether the image at `path` is one of them, byte for byte.
  ///
  /// - Complexity: O(bytes).
  public func contains(_ path: String) -> Bool { contains(ImageLocation(path: path)) }

  private static func digest(_ image: ImageLocation) -> UInt64? {
    image.sha256.flatMap { UInt64($0.prefix(16), radix: 16) }
  }
}

extension LearntImages {
  /// As it stands in a section of an archive.
  private struct Record: Codable {
    var split: ValidationSplit?
    /// The digests in ascending order, eight bytes each, the highest first, in Base64.
    var images: String
    /// Whether there were others, too; absent for no.
    var others: Bool?
  }

  /// The text of the section.
  func json() throws -> String {
    let bytes = digests.sorted().flatMap { digest in
      (0..<8).map { UInt8(truncatingIfNeeded: digest >> (56 - 8 * $0)) }
    }
    return try Record(
      split: holdback, images: Data(bytes).base64EncodedString(), others: isComplete ? nil : true
    ).json()
  }

  /// Reads a section.
  ///
  /// - Returns: nil for digests that are cut off.
  /// - Throws: `DecodingError`.
  init?(json: String) throws {
    let record = try JSONDecoder().decode(Record.self, from: Data(json.utf8))
    guard let data = Data(base64Encoded: record.images), data.count.isMultiple(of: 8) else { return nil }
    let bytes = [UInt8](data)
    holdback = record.split
    isComplete = record.others != true
    digests = Set(
      stride(from: 0, to: bytes.count, by: 8).map { start in
        bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
      })
  }
}

extension Backbone {
  /// The images that layers of this backbone were trained on since the conversion; nil where none were.
  ///
  /// - Complexity: O(images).
  public var learntImages: LearntImages? {
    guard let sections = ModelSections(archive), (try? sections.fineTuning()) != nil else { return nil }
    return try? sections.learntImages()
  }

  /// That results on images which the backbone has learnt from are too good.
  var learningWarnings: [String] {
    guard let images = learntImages else { return [] }
    return [
      "\(identifier): layers of this backbone were trained on \(counted(images.count, "image")); results on those are too good, so "
        + "measure on others"
    ]
  }
}

extension TrainedModel {
  /// The images of a data set that the model was trained on, and the others, both in their order; all are others where the model
  /// does not say what it was trained on.
  ///
  /// - Complexity: reads every image once.
  public func parts(of dataset: Dataset) -> (learnt: Dataset, others: Dataset) {
    let isLearnt = dataset.items.map { item in learntImages?.contains(item.location) ?? false }
    let indices = [true, false].map { side in dataset.items.indices.filter { isLearnt[$0] == side } }
    return (dataset.keeping(indices[0]), dataset.keeping(indices[1]))
  }
}
