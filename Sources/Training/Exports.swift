// Whoever declares heads names activations.
@_exported public import enum Catalog.Activation
