/// An image and what is to be done to it: a row for each transform.
package struct ImageJob: Sendable {
  package let location: ImageLocation
  package let transforms: [ImageTransform]
  /// What the file was when it was listed; nil where nobody knows.
  package let fingerprint: ImageFingerprint?

  package init(
    location: ImageLocation, transforms: [ImageTransform] = [ImageTransform()],
    fingerprint: ImageFingerprint? = nil
  ) {
    (self.location, self.transforms, self.fingerprint) = (location, transforms, fingerprint)
  }
}

/// What names a row: an image file's bytes and a transform.
package struct ImageKey: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

/// Somebody who may know rows without the image being decoded.
package protocol RowMemory: Sendable {
  /// The row of each transform of the file with these bytes. Asked by several threads at a time.
  func recall(_ file: [UInt8], _ transforms: [ImageTransform]) -> [RecalledRow]
}

/// The name of a row, and the row where it is known.
package struct RecalledRow: Sendable {
  package let key: ImageKey
  package let values: [Float]?

  package init(key: ImageKey, values: [Float]?) {
    self.key = key
    self.values = values
  }
}
