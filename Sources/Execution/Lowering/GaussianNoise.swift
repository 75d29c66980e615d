import Catalog

extension GaussianNoise: Lowered {}
