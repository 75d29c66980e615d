import Catalog

extension AlphaDropout: Lowered {}
