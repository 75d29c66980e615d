import Catalog

extension Dropout: Lowered {}
