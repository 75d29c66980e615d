/// What an ONNX model reads and how its weights are kept.
public struct ONNXOptions: Hashable, Sendable {
  /// The order of an image's axes.
  public enum Layout: String, CaseIterable, Hashable, Sendable {
    /// Rows, columns, channels: `[N, H, W, C]`, as images lie in memory.
    case nhwc
    /// Channels, rows, columns: `[N, C, H, W]`.
    case nchw
  }

  /// Whether the model reads pixels, red, green and blue from 0 to 255, and does the network's preprocessing itself. Otherwise it
  /// reads what has been preprocessed.
  public var includesPreprocessing: Bool
  /// The order of axes of the input, and of features that are not pooled.
  public var layout: Layout
  /// How many images a batch has; nil for any number.
  public var batchSize: Int?
  /// A model of more bytes has its weights in a second file. ONNX allows no model of more than 2 GB in one.
  public var largestModelByteCount: Int

  /// Pixels in, as they lie in memory, any number at a time.
  public init(
    includesPreprocessing: Bool = true, layout: Layout = .nhwc, batchSize: Int? = nil,
    largestModelByteCount: Int = ONNXOptions.largestModelByteCount
  ) {
    self.includesPreprocessing = includesPreprocessing
    self.layout = layout
    self.batchSize = batchSize
    self.largestModelByteCount = largestModelByteCount
  }

  /// A little less than a message of Protocol Buffers may have.
  public static let largestModelByteCount = 2_000_000_000
}
