import Catalog
import Encoding
import Execution
import Files
import Images
import Kernels
import TensorArchive
import Tensors

/// Everything besides the image that decides its features, as text: rows computed under one context can take each
/// other's place to the bit.
struct FeatureContext: Hashable, Sendable {
  /// What changes when features are computed differently by a later release.
  private static let revision = 2

  let text: String
  /// ``text`` without what is the machine's, ``machine``.
  let settings: String

  /// The context of what comes out of output `output` of a backbone; of one with taps, that of the tap's own backbone.
  init(_ backbone: Backbone, output: Int = 0) throws {
    let (recipe, options) = (backbone.recipe, backbone.options)
    let pixels = recipe.preprocessing
    let network = [
      "network \(backbone.title)",
      "cut \(backbone.cuts[output] ?? "its end"), pooling \(options.pooling.rawValue)",
      "input \(recipe.width) x \(recipe.height), \(recipe.interpolation.rawValue), \(recipe.colorMode.rawValue)"
        + (recipe.keepsAspectRatio ? ", keeping proportions" : "")
        + (recipe.appliesOrientation ? ", upright" : ""),
      "preprocessing \(pixels.label), \(pixels.channelOrder.rawValue), / \(pixels.divisor), - \(pixels.mean), "
        + "/ \(pixels.deviation), sample \(pixels.sample.rawValue)",
      "weights \(try Self.digest(of: backbone))",
    ]
    let exactness = "\(options.isExact ? ", exact" : ""), revision \(Self.revision)"
    let end = [
      "limits \(recipe.limits.sideLength), \(recipe.limits.pixelCount), \(recipe.limits.fileByteCount)",
      "row \(backbone.plan.outputs[output].shape)",
    ]
    text =
      (network + ["arithmetic \(KernelVariant.preferred)\(exactness)", Self.libraries] + end).joined(
        separator: "\n") + "\n"
    settings = (network + ["arithmetic\(exactness)"] + end).joined(separator: "\n")
  }

  /// What may change the last bits of a row from one machine to the next.
  static var machine: String { "\(KernelVariant.preferred), \(libraries)" }

  private static let libraries =
    "images by libjpeg \(jpegLibraryVersion()), libpng \(pngLibraryVersion()), libtiff \(tiffLibraryVersion()), "
    + "libwebp \(webpLibraryVersion())"

  /// The name of the folder with the rows of this context.
  var folderName: String {
    var digest = SHA256()
    Array(text.utf8).withRawSpan { digest.update($0) }
    return String(digest.hexadecimal.prefix(Self.digitCount))
  }

  private static let digitCount = 32

  /// Whether ``folderName`` can be `name`.
  static func isFolderName(_ name: String) -> Bool { name.isHexadecimal(count: digitCount) }

  /// One digest for the network and its weights: the same for an archive and for a trained model made of it, as
  /// the head has no say in the features.
  private static func digest(of backbone: Backbone) throws -> String {
    var digest = SHA256()
    for (name, text) in backbone.network.sections.sorted(by: { $0.key < $1.key }) {
      Array("\(name) \(text)\n".utf8).withRawSpan { digest.update($0) }
    }
    for parameter in try backbone.network.parameters() {
      let own = backbone.tuned[parameter.name].map { $0.scalars.withLittleEndianBytes { CRC32.of($0) } }
      let sum =
        (own ?? backbone.archive.checksum(of: parameter.name)).map { String($0, radix: 16) } ?? "none"
      Array("\(parameter.name) \(parameter.shape) \(sum)\n".utf8).withRawSpan { digest.update($0) }
    }
    return digest.hexadecimal
  }
}
