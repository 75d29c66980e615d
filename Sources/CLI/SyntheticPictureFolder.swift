import Files
import Foundation
import Datasets
import Images
import TensorArchive

/// Writes a small data set of generated pictures: a folder a pattern, a PNG a picture.
struct SyntheticPictureFolder {
  let seed: UInt64
  let countPerClass: Int
  let width = 160
  let height = 120

  /// Writes all pictures below `folder`, which is made when it is not there; returns how many.
  func write(to folder: String, _ console: Console) throws -> Int {
    let pictures = SyntheticPictures(seed: seed)
    let patterns = SyntheticPictures.Pattern.allCases
    let progress = console.progress("Drawing", total: patterns.count * countPerClass, unit: "picture")
    for pattern in patterns {
      let classFolder = "\(folder)/\(pattern.rawValue)"
      try OutputFolder.make(classFolder)
      for index in 0..<countPerClass {
        let name = String(format: "%04ld.png", index)
        let bitmap = pictures.bitmap(pattern, index: index, width: width, height: height)
        let bytes = try bitmap.png()
        try bytes.withRawSpan { try AtomicFile.write($0, to: "\(classFolder)/\(name)") }
        progress.advance()
      }
    }
    progress.finish()
    return patterns.count * countPerClass
  }
}
