import Foundation

extension Int {
  /// The number with its digits in groups of three: `23,587,712`.
  package var grouped: String {
    let digits = String(magnitude)
    var text = self < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}

/// A number with exactly `decimals` digits after the point, rounded as C and Python round it.
package func fixed(_ number: Double, decimals: Int) -> String {
  String(format: "%.\(decimals)f", number)
}

/// A metric, four decimals of it: in single precision, which is Keras's, so that one number is printed in one way everywhere.
package func metric(_ number: Double) -> String { fixed(Double(Float(number)), decimals: 4) }

/// A share with two decimals of its per cent, those of the number that ``metric(_:)`` prints.
package func perCent(_ share: Double) -> String { fixed(Double(Float(share)) * 100, decimals: 2) }

/// A size as Keras prints it, in steps of 1024 and with two decimals: `89.98 MB`, `16.01 KB`, `0.00 B`
/// (`keras.src.utils.summary_utils.readable_memory_size`); `byteUnit` is the unit of sizes below 1024.
package func memorySize(_ byteCount: Int, byteUnit: String = "B") -> String {
  let units = [byteUnit, "KB", "MB", "GB", "TB", "PB"]
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
  "\(count.grouped) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// Memory that something takes, as people count it, rounded up: `17.2 GB`, or `97 MB` below a gigabyte.
package func memoryNeed(_ bytes: Int) -> String { memory(bytes, rounded: .up) }

/// Memory that there is, rounded down, so that what is too much never looks as if it fitted.
package func memoryRoom(_ bytes: Int) -> String { memory(bytes, rounded: .down) }

private func memory(_ bytes: Int, rounded rule: FloatingPointRoundingRule) -> String {
  // In steps of 1024, as sizes are read.
  let megabytes = (Double(bytes) / Double(1 << 20)).rounded(rule)
  guard megabytes >= 1024 else { return "\(Int(megabytes)) MB" }
  let tenths = Int((Double(bytes) * 10 / Double(1 << 30)).rounded(rule))
  return "\(tenths / 10).\(tenths % 10) GB"
}
