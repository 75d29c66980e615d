/// `GaussianNoise`, noise that is added: the identity outside of training.
package struct GaussianNoise: IdentityOperation {
  package static let keyword = "gaussianNoise"
  package static let kerasClasses = ["GaussianNoise"]
  package static let settings = [LayerSetting<Self>("deviation", keras: "stddev", .number, \.deviation)]

  package var deviation = 0.0

  package init() {}
}
