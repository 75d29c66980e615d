import Foundation

extension Int {
  /// With a comma every three digits: `23,587,712`.
  package var grouped: String {
    let digits = String(magnitude)
    var text = self < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }
}

/// A number of bytes as Keras prints it: two decimals, powers of 1024.
package enum MemorySize {
  package static func text(bytes: Int, byteUnit: String = "B") -> String {
    var size = Double(bytes)
    var units = [byteUnit, "KB", "MB", "GB", "TB", "PB"][...]
    while size >= 1024, units.count > 1 {
      size /= 1024
      units.removeFirst()
    }
    return String(format: "%.2f ", size) + (units.first ?? byteUnit)
  }

  /// The size of `count` parameters of four bytes.
  package static func text(parameters count: Int, byteUnit: String = "B") -> String {
    text(bytes: count.multipliedReportingOverflow(by: 4).partialValue, byteUnit: byteUnit)
  }
}
