/// The kinds of feature files by their endings.
package enum FeatureFile {
  /// - Throws: ``FeatureFileError/unknownEnding(path:)``.
  package static func format(of path: String) throws(FeatureFileError) -> any FeatureFileFormat {
    if path.hasSuffix(".npy") { return NumPyFeatureFile() }
    if path.hasSuffix(".safetensors") { return SafetensorsFeatureFile() }
    throw .unknownEnding(path: path)
  }
}
