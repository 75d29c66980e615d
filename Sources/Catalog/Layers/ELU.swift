/// `ELU`: `x` above 0, `alpha * (exp(x) - 1)` below.
package struct ELU: ActivationOperation {
  package static let keyword = "elu"
  package static let kerasClasses = ["ELU"]
  package static let settings = [LayerSetting<Self>("alpha", keras: "alpha", .number, \.alpha)]

  package var alpha = 1.0

  package init() {}

  package var activation: Activation { .elu(alpha: alpha) }
}
