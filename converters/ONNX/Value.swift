import Catalog
import Tensors

/// What a layer gives, as a value of an ONNX graph.
struct Value {
  /// In which order the axes of an image are.
  enum Order { case channelsFirst, channelsLast }

  var name: String
  /// Keras's shape of one image's activation, `[H, W, C]` or `[C]`, whatever the order; with the zeros.
  var shape: TensorShape
  /// Meant of images alone: what has other axes is as in Keras.
  var order = Order.channelsLast
  /// Zeros around it that nobody has put there yet: convolutions do so themselves.
  var zeros: EdgeInsets?

  var isImage: Bool { shape.rank == 3 }
  var channels: Int { shape.dimensions.last ?? 1 }
  /// Whether an image has one pixel, so that its axes may come in any order.
  var isPixel: Bool { isImage && shape[0] == 1 && shape[1] == 1 }

  /// The axis of the channels, counted from the batch's.
  var channelAxis: Int { isImage && order == .channelsFirst ? 1 : shape.rank }

  /// Extents of a number a channel that meets every pixel.
  var channelwise: [Int] { isImage && order == .channelsFirst ? [channels, 1, 1] : [channels] }

  /// Extents, `[H, W, C]` where they are an image's, as they come in the value's order.
  func ordered(_ extents: [Int]) -> [Int] {
    isImage && order == .channelsFirst && extents.count == 3 ? [extents[2], extents[0], extents[1]] : extents
  }
}
