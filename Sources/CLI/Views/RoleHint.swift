import ModelZoo

/// What somebody can do with a file that stands where another kind was expected.
enum RoleHint {
  /// What the file is and which verb takes it; nil for an error that is about something else.
  ///
  /// - Parameter words: the command line.
  static func hint(for error: any Error, _ words: [String]) -> String? {
    guard let role = FileRole(misplacedBy: error) else { return nil }
    if role == .packedImages, words.first == "explain" {
      return "images in an archive: name one of them, as in photos.zip/cats/1.jpg"
    }
    return role == .weights && words.first == "convert" ? nil : sentence(role)
  }

  private static func sentence(_ role: FileRole) -> String {
    switch role {
    case .image: "an image: zoo predict MODEL IMAGE and zoo features ARCHIVE IMAGE take it"
    case .folder: "a folder: zoo train --data, zoo audit and zoo predict MODEL take one of images"
    case .packedImages:
      "images in an archive: zoo train --data, zoo audit and zoo predict MODEL take it as it is"
    case .manifest:
      "a manifest: zoo train --data, zoo audit and zoo predict MODEL take it in place of a folder"
    case .features:
      "features of images: zoo train --features, zoo evaluate, zoo audit and zoo project take them"
    case .checkpoint:
      "a checkpoint: zoo model makes a model of it, zoo predict and zoo train --from take it as it is"
    case .resumption:
      "a checkpoint that only resumes its training: zoo train --resume takes it, with the other options as they were"
    case .model: "a trained model: zoo predict, zoo evaluate, zoo explain and zoo train --from take it"
    case .archive: "an archive with a network: zoo train --backbone, zoo features and zoo bench take it"
    case .weights: "weights: zoo convert makes an archive of them"
    case .report: "a page that zoo wrote: a browser shows it"
    }
  }
}
