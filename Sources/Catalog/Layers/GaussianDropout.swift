/// `GaussianDropout`, noise that is multiplied: the identity outside of training.
package struct GaussianDropout: IdentityOperation {
  package static let keyword = "gaussianDropout"
  package static let kerasClasses = ["GaussianDropout"]
  package static let settings = [LayerSetting<Self>("rate", keras: "rate", .rate, \.rate)]

  package var rate = 0.0

  package init() {}
}
