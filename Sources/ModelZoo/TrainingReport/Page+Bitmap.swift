import Images
import Reports

extension Page.Image {
  /// A bitmap as a page has it; `alternative` is what it shows, in words.
  init(_ bitmap: Bitmap, _ alternative: String) throws {
    self.init(png: try bitmap.png(), width: bitmap.width, height: bitmap.height, alternative: alternative)
  }
}
