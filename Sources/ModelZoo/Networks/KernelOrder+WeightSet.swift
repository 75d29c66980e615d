import Catalog

extension ConversionOptions.KernelOrder {
  /// The same order in the catalog's terms.
  var weightSetOrder: WeightSet.KernelOrder {
    switch self {
    case .tensorflow: .tensorflow
    case .theano: .theano
    }
  }
}
