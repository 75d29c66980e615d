/// `AlphaDropout`, which keeps mean and variance: the identity outside of training.
package struct AlphaDropout: IdentityOperation {
  package static let keyword = "alphaDropout"
  package static let kerasClasses = ["AlphaDropout"]
  package static let settings = [LayerSetting<Self>("rate", keras: "rate", .rate, \.rate)]

  package var rate = 0.0

  package init() {}
}
