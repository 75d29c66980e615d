import Datasets
import Encoding
import Foundation

/// What computed the features of a file: enough to read its numbers as those of a backbone, and to refuse them for another.
package struct FeatureOrigin: Hashable, Sendable, Codable {
  /// For each tensor what decides its numbers besides the image, one setting a line: ``ShardedRun/settings``.
  var settings: [String]
  var recipe: FeatureRecipe
}

/// How the images of features were listed and prepared.
struct FeatureRecipe: Hashable, Sendable, Codable {
  /// The options of the backbone; of several layers, those of the first.
  var backbone: BackboneRecord
  /// Absent for no.
  var isExact: Bool?
  /// Where the list of images came from, which decides what some splits hold back.
  var source: Dataset.Source
  /// Rows of each image; absent for one.
  var variants: Int?

  init(_ backbone: Backbone, _ source: Dataset.Source, variants: Int = 1) {
    self.backbone = BackboneRecord(backbone.recipe, backbone.options)
    isExact = backbone.options.isExact ? true : nil
    self.source = source
    self.variants = variants == 1 ? nil : variants
  }
}

extension FeatureOrigin {
  init(_ backbone: Backbone, _ source: Dataset.Source, outputs: Int, variants: Int = 1) throws {
    settings = try (0..<outputs).map { try FeatureContext(backbone, output: $0).settings }
    recipe = FeatureRecipe(backbone, source, variants: variants)
  }

  /// The options that the backbone of these features is loaded with.
  ///
  /// - Parameters:
  ///   - layer: the layer of the features, where there are those of several.
  ///   - path: what errors call the features.
  func options(layer: String?, path: String) throws -> BackboneOptions {
    var options = try recipe.backbone.options {
      ModelZooError.malformedSection(archive: path, section: "origin", reason: $0)
    }
    options.isExact = recipe.isExact ?? false
    if let layer { options.layer = layer }
    return options
  }

  /// What of `backbone` is not as it was for the features of tensor `column`, a sentence each.
  func differences(from backbone: Backbone, column: Int) throws -> [String] {
    let own = try FeatureContext(backbone).settings.split(separator: "\n")
    let theirs = settings[column].split(separator: "\n")
    return zip(own, theirs).filter { $0 != $1 }.map { "expected \($0), found \($1)" }
      + (own.count == theirs.count ? [] : ["expected \(own.count) settings, found \(theirs.count)"])
  }
}

/// An image that is listed and has no row.
package struct MissingImage: Hashable, Sendable {
  /// Its place in the listing, from 0.
  package let index: Int
  /// The index of its class; nil without classes.
  package let label: Int?

  package init(index: Int, label: Int?) { (self.index, self.label) = (index, label) }

  /// As two integers in a file.
  var integers: [Int] { [index, label ?? -1] }

  /// What ``integers`` were made of; nil for integers that no images without a row have.
  ///
  /// - Parameters:
  ///   - rows: how many images have one.
  ///   - classes: how many there are; 0 without.
  static func list(_ integers: [Int], rows: Int, classes: Int) -> [MissingImage]? {
    let labels = classes == 0 ? -1..<0 : 0..<classes
    let missing = stride(from: 0, to: integers.count - 1, by: 2).map { (integers[$0], integers[$0 + 1]) }
    guard integers.count.isMultiple(of: 2), missing.allSatisfy({ labels.contains($0.1) }),
      missing.allSatisfy({ 0..<rows + missing.count ~= $0.0 }),
      zip(missing, missing.dropFirst()).allSatisfy({ $0.0 < $1.0 })
    else { return nil }
    return missing.map { MissingImage(index: $0, label: $1 < 0 ? nil : $1) }
  }
}

/// A text from a file as a value; nil for one that is none.
enum FeatureText {
  static func value<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
    guard JSONBudget.problem(with: text) == nil else { return nil }
    return try? JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
