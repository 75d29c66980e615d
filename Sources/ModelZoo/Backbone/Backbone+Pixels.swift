public import Images
public import Tensors

/// Images that are in memory already. Each call comes in two: one blocks, for scripts; the other, which code that awaits
/// gets, works elsewhere meanwhile. Any number of tasks may call at a time.
extension Backbone {
  /// The features of one image, `featureShape`: the same bits as those of a file of the same pixels.
  ///
  /// - Throws: `ImageError` where the recipe asks for an empty size, `ArchiveError` for damaged weights.
  public func features(of image: some PixelSource) throws -> Tensor {
    let rows = try features(of: [image])
    return Tensor(shape: featureShape, scalars: rows.scalars)
  }

  /// The features of one image, `featureShape`, without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws, `CancellationError` in a task that was cancelled before its turn.
  public func features(of image: some PixelSource) async throws -> Tensor {
    try await Offload.run { _ in try features(of: image) }
  }

  /// The features `[N] + featureShape` of images of any sizes.
  ///
  /// - Throws: what that of one image throws.
  /// - Complexity: memory for all inputs, `4 * N * inputShape.elementCount` bytes; for many images, name their files.
  public func features(of images: [some PixelSource]) throws -> Tensor {
    try features(inputs(of: images))
  }

  /// The features `[N] + featureShape` of images of any sizes, without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws, `CancellationError` in a task that was cancelled before its turn.
  public func features(of images: [some PixelSource]) async throws -> Tensor {
    try await Offload.run { _ in try features(of: images) }
  }

  /// The features `[N] + featureShape` of inputs `[N, H, W, 3]` that were resized and preprocessed already.
  ///
  /// - Throws: ``ModelZooError/wrongInput(expected:found:)``, `ArchiveError` for damaged weights.
  public func features(_ inputs: Tensor) throws -> Tensor {
    try check(inputs)
    return try sessions.run(inputs)
  }

  /// The features `[N] + featureShape` of inputs `[N, H, W, 3]`, without blocking a thread of the concurrency pool.
  ///
  /// - Throws: what the blocking call throws, `CancellationError` in a task that was cancelled before its turn.
  public func features(_ inputs: Tensor) async throws -> Tensor {
    try await Offload.run { _ in try features(inputs) }
  }

  /// Images of any sizes, resized and preprocessed: `[N, H, W, 3]`.
  func inputs(of images: [some PixelSource]) throws -> Tensor {
    Tensor(
      shape: TensorShape([images.count] + inputShape.dimensions),
      scalars: try recipe.scalars(of: images.map(\.bitmap)))
  }

  /// Refuses inputs that are not `[N] + inputShape`.
  func check(_ inputs: Tensor) throws(ModelZooError) {
    guard inputs.shape.dimensions.dropFirst().elementsEqual(inputShape.dimensions) else {
      throw .wrongInput(expected: inputShape, found: inputs.shape)
    }
  }
}
