import Files
import Foundation
import Tensors

/// Reads image files, no larger than the limits say.
package enum ImageFile {
  package static func read(_ path: String, limits: DecodingLimits = .standard) throws(ImageError) -> [UInt8] {
    let byteCount = try size(path)
    guard byteCount <= limits.fileByteCount else {
      throw .fileTooLarge(path: path, byteCount: byteCount, limits: limits)
    }
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      // One byte more than there should be, so that a file that grows meanwhile is noticed.
      let data = try file.read(upToCount: byteCount + 1) ?? Data()
      guard data.count == byteCount else {
        throw ImageError.unreadable(path: path, reason: "its size changed while it was read")
      }
      return [UInt8](data)
    } catch let error as ImageError {
      throw error
    } catch {
      if let cause = SystemError.opening(path) { throw .unreadable(path, cause) }
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// The size of a regular file: pipes and devices may never end.
  private static func size(_ path: String) throws(ImageError) -> Int {
    if let error = SystemError.opening(path) { throw .unreadable(path, error) }
    guard !FileFacts.isFolder(path) else {
      throw .unreadable(path: path, reason: "it is a folder; name an image inside it")
    }
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved),
      attributes[.type] as? FileAttributeType == .typeRegular,
      let byteCount = (attributes[.size] as? NSNumber)?.intValue
    else { throw .unreadable(path: path, reason: "not a regular file") }
    return byteCount
  }
}
