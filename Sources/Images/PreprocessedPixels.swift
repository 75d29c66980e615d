public import Tensors

/// A `Preprocessing` made ready: what each of the 256 values becomes in each channel.
///
/// Exact, not approximate: a pixel has only 256 values, and each is computed once in Keras's order of
/// `float32` operations (`imagenet_utils._preprocess_numpy_input`).
public struct PreprocessingTable: Sendable {
  /// 256 values for each network channel.
  private let values: [Float]
  /// The RGB channel each network channel reads.
  private let sources: [Int]

  /// - Precondition: `mean` and `deviation` hold three numbers each.
  public init(_ preprocessing: Preprocessing) {
    precondition(
      preprocessing.mean.count == 3 && preprocessing.deviation.count == 3,
      "Preprocessing: a picture has three channels")
    sources = preprocessing.channelOrder == .bgr ? [2, 1, 0] : [0, 1, 2]
    values = (0..<3).flatMap { channel in
      (0..<256).map { value in
        (Float(value) / preprocessing.divisor - preprocessing.mean[channel])
          / preprocessing.deviation[channel]
      }
    }
  }

  /// The network's input for one picture, `[H, W, 3]`, row-major.
  public func scalars(of bitmap: Bitmap) -> [Float] { scalars(of: [bitmap]) }

  /// The network's input for pictures of one size, `[N, H, W, 3]`, row-major.
  public func scalars(of bitmaps: [Bitmap]) -> [Float] {
    [Float](capacity: bitmaps.reduce(0) { $0 + $1.pixels.count }) { scalars in
      for bitmap in bitmaps { append(bitmap, to: &scalars) }
    }
  }

  private func append(_ bitmap: Bitmap, to scalars: inout OutputSpan<Float>) {
    let pixels = bitmap.pixels.span
    let values = values.span
    let (first, second, third) = (sources[0], sources[1], sources[2])
    var offset = 0
    while offset < pixels.count {
      scalars.append(values[Int(pixels[offset + first])])
      scalars.append(values[256 + Int(pixels[offset + second])])
      scalars.append(values[512 + Int(pixels[offset + third])])
      offset += 3
    }
  }
}

extension Preprocessing {
  /// The network's input for one picture, `[H, W, 3]`, row-major. For many pictures, make a
  /// `PreprocessingTable` once.
  public func scalars(of bitmap: Bitmap) -> [Float] { PreprocessingTable(self).scalars(of: bitmap) }
}
