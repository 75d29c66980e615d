/// The interpolation for resizing images, by the names of Keras's `load_img`; and TensorFlow's own.
public enum Interpolation: String, Sendable, CaseIterable, Codable {
  /// The pixel under each new pixel's centre. Keras's default.
  case nearest
  /// A triangle filter, widened when shrinking.
  case bilinear
  /// Keys's cubic convolution with a = -0.5, widened when shrinking.
  case bicubic
  /// The average of the area that a new pixel covers.
  case box
  /// A triangle-wide window, sharper than bilinear.
  case hamming
  /// A sinc of three lobes.
  case lanczos
  /// Between the four pixels around a new pixel's centre, also when shrinking, and not rounded: what `tf.image.resize`,
  /// `image_dataset_from_directory` and a `Resizing` layer compute unless told otherwise.
  case tensorFlowBilinear = "tf-bilinear"
  /// The pixel under each new pixel's centre, by TensorFlow's arithmetic: `tf.image.resize` with `method="nearest"`.
  case tensorFlowNearest = "tf-nearest"
}
