import Catalog

extension SpatialDropout2D: Lowered {}
