import Foundation
import TensorArchive

/// The file of a trained model: what it is called and the digest that it is known by.
public struct ModelFile: Hashable, Sendable, Codable {
  /// Its name, without folders.
  public let name: String
  /// Its archive digest, a SHA-256 in hexadecimal.
  public let digest: String

  /// The file of an archive; nil for one without a digest.
  init?(_ archive: Archive) {
    guard let digest = archive.digest else { return nil }
    (name, self.digest) = (URL(fileURLWithPath: archive.path).lastPathComponent, digest)
  }
}
