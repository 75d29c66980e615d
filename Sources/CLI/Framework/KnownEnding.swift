import Foundation
import ModelZoo

/// What the ending of a file's name says about its format.
enum KnownEnding {
  /// Endings that say what is inside.
  private static let all: Set<String> = Set([
    "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "ppm", "svg", "pdf", "h5", "hdf5", "keras",
    "npy", "npz",
    "csv", "tsv", "json", "jsonl", "html", "htm", "txt", "safetensors", "zip",
  ]).union(models)
  /// Those of models of other programs, some of which `zoo export` writes.
  private static let models: Set<String> = [
    "onnx", "ort", "pb", "pbtxt", "tflite", "ckpt", "pt", "pt2", "pth", "torchscript", "pkl", "pickle",
    "msgpack", "gguf",
    "mlmodel", "mlpackage", "caffemodel", "mnn", "xml",
  ]

  /// Refuses a name that promises another format than the one that is written.
  ///
  /// - Parameters:
  ///   - path: where the file is to be written; a name without an ending promises nothing.
  ///   - option: the option that named it.
  ///   - contents: what is written, as in `a PNG image`.
  ///   - fitting: its endings, the usual one first.
  static func check(
    _ path: String, of option: String = "--output", contents: String, _ fitting: String...
  ) throws(UsageError) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return }
    let ending = name[name.index(after: dot)...].lowercased()
    guard all.contains(ending), !fitting.contains(ending) else { return }
    let remark = models.contains(ending) ? "; zoo export writes models for other programs" : ""
    throw .conflict(
      "\(option): the output is \(contents); expected a name ending in .\(fitting[0]), found \(path)\(remark)"
    )
  }

  /// Refuses a name that no file of features has.
  static func checkFeatures(_ path: String, of option: String = "--output") throws(UsageError) {
    do throws(FeatureFileError) { _ = try FeatureFile.format(of: path) } catch {
      throw .conflict("\(option): \(error)")
    }
  }

  /// Refuses a name that no listing has.
  static func checkListing(_ path: String, of option: String = "--output") throws(UsageError) {
    do throws(ListingError) { try Listing.check(name: path) } catch { throw .conflict("\(option): \(error)") }
  }
}
