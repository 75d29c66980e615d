/// The numbers a plan computes with, and how.
package enum Arithmetic: Hashable, Sendable {
  /// Single precision. `exact` does without Winograd's and Strassen's algorithms: slower, with about one decimal digit
  /// less rounding error.
  case f32(exact: Bool)

  /// Whether every product of a layer's definition is computed.
  var isExact: Bool {
    switch self {
    case .f32(let exact): exact
    }
  }
}
