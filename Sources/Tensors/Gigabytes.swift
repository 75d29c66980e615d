/// Bytes as people count memory: `17.2 GB`, rounded up, so that what is too much never looks as if it fitted.
package func gigabytes(_ bytes: Int) -> String {
  let tenths = bytes / 100_000_000 + (bytes % 100_000_000 == 0 ? 0 : 1)
  return "\(tenths / 10).\(tenths % 10) GB"
}
