import Foundation

/// An integer with its digits in groups of three: `23,587,712`.
package func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var result = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
    result.append(digit)
  }
  return result
}

/// A number with exactly `decimals` digits after the point, rounded as C and Python round it.
package func fixed(_ number: Double, decimals: Int) -> String {
  String(format: "%.\(decimals)f", number)
}

/// A size as Keras prints it, in steps of 1024 and with two decimals: `89.98 MB`, `16.01 KB`, `0.00 B`
/// (`keras.src.utils.summary_utils.readable_memory_size`).
package func memorySize(_ byteCount: Int) -> String {
  let units = ["B", "KB", "MB", "GB", "TB", "PB"]
  var size = Double(byteCount)
  var unit = 0
  while size >= 1024, unit + 1 < units.count {
    size /= 1024
    unit += 1
  }
  return "\(fixed(size, decimals: 2)) \(units[unit])"
}

/// A count with its noun: `1 image`, `2 images`, `1,204 images`.
package func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}
