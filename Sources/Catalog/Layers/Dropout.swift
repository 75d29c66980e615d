/// `Dropout`: the identity outside of training.
package struct Dropout: IdentityOperation {
  package static let keyword = "dropout"
  package static let kerasClasses = ["Dropout"]
  package static let settings = [LayerSetting<Self>("rate", keras: "rate", .rate, \.rate)]

  package var rate = 0.0

  package init() {}

  package init(rate: Double) { self.rate = rate }
}
