import Files
import Foundation
import Images

/// A small data set of generated images: one folder per pattern, one PNG file per image. Enough to try training and
/// prediction without photographs.
public struct SyntheticImageFolder: Hashable, Sendable {
  /// The seed of every pixel.
  public let seed: UInt64
  /// The number of images of each class.
  public let countPerClass: Int
  /// The columns of each image.
  public let width = 160
  /// The rows of each image.
  public let height = 120

  /// Describes a data set; nothing is drawn yet.
  public init(seed: UInt64, countPerClass: Int) {
    self.seed = seed
    self.countPerClass = max(0, countPerClass)
  }

  /// The names of the classes, each a sub-folder.
  public var classes: [String] { SyntheticImages.Pattern.allCases.map(\.rawValue) }

  /// The number of images in all.
  public var imageCount: Int { classes.count * countPerClass }

  /// Writes all images below `folder`, which is made when it is not there; the same seed gives the same bytes.
  ///
  /// - Parameters:
  ///   - folder: where they go, a folder a class.
  ///   - progress: told after every image how many are done, of ``imageCount``.
  /// - Throws: `ArchiveError` where a file cannot be written, `CancellationError` where the task is cancelled.
  public func write(to folder: String, progress: (_ images: Int) -> Void = { _ in }) throws {
    let images = SyntheticImages(seed: seed)
    var done = 0
    for pattern in SyntheticImages.Pattern.allCases {
      let classFolder = "\(folder)/\(pattern.rawValue)"
      try OutputFolder.make(classFolder)
      for index in 0..<countPerClass {
        try Task.checkCancellation()
        let name = String(format: "%04ld.png", index)
        let bitmap = images.bitmap(pattern, index: index, width: width, height: height)
        let bytes = try bitmap.png()
        try bytes.withRawSpan { try AtomicFile.write($0, to: "\(classFolder)/\(name)") }
        done += 1
        progress(done)
      }
    }
  }
}
