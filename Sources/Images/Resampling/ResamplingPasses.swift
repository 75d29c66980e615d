import CImages

// Every new pixel's old ones lie inside the image: `ResamplingWeights` cuts them there, which is what makes
// the pointers below safe.

extension ResamplingWeights {
  /// Makes every row `size` pixels wide; the weights are for rows of the image's width.
  func stretched(_ bitmap: Bitmap) -> Bitmap {
    let pixels = unsafe resampled(bitmap, count: 3 * size * bitmap.height) { source, weights, target in
      unsafe cimages_resample_columns(source, bitmap.width, bitmap.height, weights, target)
    }
    return Bitmap(width: size, height: bitmap.height, samples: pixels)
  }

  /// Makes `size` rows of the image's rows; the weights are for columns of the image's height.
  func blended(_ bitmap: Bitmap) -> Bitmap {
    let pixels = unsafe resampled(bitmap, count: 3 * bitmap.width * size) { source, weights, target in
      unsafe cimages_resample_rows(source, bitmap.width, weights, target)
    }
    return Bitmap(width: bitmap.width, height: size, samples: pixels)
  }

  private func resampled(
    _ bitmap: Bitmap, count: Int,
    _ pass: (UnsafePointer<UInt8>?, UnsafePointer<cimages_weights>, UnsafeMutablePointer<UInt8>?) -> Void
  ) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      unsafe withPointers { weights in
        unsafe bitmap.pixels.withUnsafeBufferPointer { source in
          unsafe pass(source.baseAddress, weights, target.baseAddress)
        }
      }
      initialized = count
    }
  }

  private func withPointers(_ body: (UnsafePointer<cimages_weights>) -> Void) {
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe counts.withUnsafeBufferPointer { counts in
        unsafe values.withUnsafeBufferPointer { values in
          var weights = unsafe cimages_weights(
            starts: starts.baseAddress, counts: counts.baseAddress, values: values.baseAddress,
            capacity: capacity, size: size)
          unsafe body(&weights)
        }
      }
    }
  }
}
