import Catalog

extension StochasticDepth: Lowered {}
