public import Tensors

// Everything that reads an image where it is takes the path of a file as well.

extension Bitmap {
  /// Decodes the file at `path`; see ``init(contentsOf:appliesOrientation:limits:)-(ImageLocation,_,_)``.
  public init(
    contentsOf path: String, appliesOrientation: Bool = false, limits: DecodingLimits = .standard
  ) throws(ImageError) {
    try self.init(
      contentsOf: ImageLocation(path: path), appliesOrientation: appliesOrientation, limits: limits)
  }
}

extension ImageRecipe {
  /// Reads the file at `path` and resizes it.
  public func bitmap(of path: String) throws(ImageError) -> Bitmap {
    try bitmap(of: ImageLocation(path: path))
  }

  /// Reads the file at `path` and does everything up to preprocessing; the result can be shown.
  public func bitmap(of path: String, _ transform: ImageTransform) throws(ImageError) -> Bitmap {
    try bitmap(of: ImageLocation(path: path), transform)
  }

  /// The network's input for the file at `path`, `[1, H, W, C]` with the network's channels.
  public func tensor(
    of path: String, _ transform: ImageTransform = ImageTransform()
  ) throws(ImageError) -> Tensor {
    try tensor(of: ImageLocation(path: path), transform)
  }
}

extension Augmentation {
  /// A variant of the file at `path`; see ``bitmap(of:name:recipe:seed:variant:)-(ImageLocation,_,_,_,_)``.
  public func bitmap(
    of path: String, name: String, recipe: ImageRecipe, seed: UInt64, variant: Int
  ) throws(ImageError) -> Bitmap {
    try bitmap(
      of: ImageLocation(path: path), name: name, recipe: recipe, seed: seed, variant: variant)
  }
}

extension Preprocessing {
  /// Statistics of the files at `paths`; see
  /// ``featurewise(of:recipe:rescale:normalizesDeviation:threads:)-([ImageLocation],_,_,_,_)``.
  public static func featurewise(
    of paths: [String], recipe: ImageRecipe, rescale: Double = 1, normalizesDeviation: Bool = true,
    threads: Int? = nil
  ) throws(ImageError) -> Preprocessing {
    try featurewise(
      of: paths.map(ImageLocation.init(path:)), recipe: recipe, rescale: rescale,
      normalizesDeviation: normalizesDeviation, threads: threads)
  }
}

extension ImageBatchLoader {
  /// Makes a loader of the files at `paths`; see
  /// ``init(locations:recipe:batchSize:onBadImage:threads:)``.
  public convenience init(
    paths: [String], recipe: ImageRecipe, batchSize: Int = 32, onBadImage policy: BadImagePolicy = .skip,
    threads: Int? = nil
  ) {
    self.init(
      locations: paths.map(ImageLocation.init(path:)), recipe: recipe, batchSize: batchSize,
      onBadImage: policy, threads: threads)
  }
}
