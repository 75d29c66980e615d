import Catalog

extension GaussianDropout: Lowered {}
