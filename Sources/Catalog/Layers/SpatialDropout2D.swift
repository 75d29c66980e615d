/// `SpatialDropout2D`, of whole channels: the identity outside of training.
package struct SpatialDropout2D: IdentityOperation {
  package static let keyword = "spatialDropout"
  package static let kerasClasses = ["SpatialDropout2D"]
  package static let settings = [LayerSetting<Self>("rate", keras: "rate", .rate, \.rate)]

  package var rate = 0.0

  package init() {}
}
