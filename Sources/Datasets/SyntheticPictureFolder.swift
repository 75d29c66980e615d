import Files
import Foundation
import Images

/// A small data set of generated pictures: a folder a pattern, a PNG a picture. Enough to try training and prediction with
/// where there are no photographs.
public struct SyntheticPictureFolder: Hashable, Sendable {
  /// What decides every pixel.
  public let seed: UInt64
  /// The number of pictures of each class.
  public let countPerClass: Int
  /// The columns of each picture.
  public let width = 160
  /// The rows of each picture.
  public let height = 120

  /// Describes a data set; nothing is drawn yet.
  public init(seed: UInt64, countPerClass: Int) {
    self.seed = seed
    self.countPerClass = max(0, countPerClass)
  }

  /// The names of the classes, each a sub-folder.
  public var classes: [String] { SyntheticPictures.Pattern.allCases.map(\.rawValue) }

  /// The number of pictures in all.
  public var pictureCount: Int { classes.count * countPerClass }

  /// Writes all pictures below `folder`, which is made when it is not there; the same seed gives the same bytes.
  ///
  /// - Parameters:
  ///   - folder: where they go, a folder a class.
  ///   - progress: told after every picture how many are done, of ``pictureCount``.
  /// - Throws: `ArchiveError` where a file cannot be written, `CancellationError` where the task is cancelled.
  public func write(to folder: String, progress: (_ pictures: Int) -> Void = { _ in }) throws {
    let pictures = SyntheticPictures(seed: seed)
    var done = 0
    for pattern in SyntheticPictures.Pattern.allCases {
      let classFolder = "\(folder)/\(pattern.rawValue)"
      try OutputFolder.make(classFolder)
      for index in 0..<countPerClass {
        try Task.checkCancellation()
        let name = String(format: "%04ld.png", index)
        let bitmap = pictures.bitmap(pattern, index: index, width: width, height: height)
        let bytes = try bitmap.png()
        try bytes.withRawSpan { try AtomicFile.write($0, to: "\(classFolder)/\(name)") }
        done += 1
        progress(done)
      }
    }
  }
}
