import Catalog

// What acts in training only.

extension Dropout: Expressible {}
extension SpatialDropout2D: Expressible {}
extension GaussianDropout: Expressible {}
extension GaussianNoise: Expressible {}
extension AlphaDropout: Expressible {}
extension StochasticDepth: Expressible {}
