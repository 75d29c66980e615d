import Foundation

/// How much memory this process may have at most: the machine's, less where a container or a limit of the process says so.
package enum MemoryLimit {
  /// In bytes; looked up once.
  package static let byteCount: Int = {
    let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return ([machine, addressSpace].compactMap(\.self) + controlGroups).min() ?? machine
  }()

  /// `RLIMIT_AS`; nil for none.
  private static var addressSpace: Int? {
    var limit = rlimit()
    #if canImport(Glibc)
      let status = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let status = unsafe getrlimit(RLIMIT_AS, &limit)
    #endif
    guard status == 0, limit.rlim_cur < rlim_t(Int.max) else { return nil }
    return Int(limit.rlim_cur)
  }

  /// Limits of the control groups that Linux has this process in, of both versions; empty elsewhere.
  private static var controlGroups: [Int] {
    let lines = (text("/proc/self/cgroup") ?? "").split(separator: "\n")
    return lines.flatMap { line -> [Int] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[1].isEmpty || fields[1].split(separator: ",").contains("memory") else {
        return []
      }
      let (root, file) =
        fields[1].isEmpty
        ? ("/sys/fs/cgroup", "memory.max") : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      return ancestors(of: fields[2]).compactMap { text("\(root)\($0)/\(file)").flatMap { Int($0) } }
    }
  }

  /// `/a/b`, `/a` and the root, as an empty text.
  private static func ancestors(of path: Substring) -> [String] {
    let names = path.split(separator: "/")
    return (0...names.count).map { count in names.prefix(count).map { "/" + $0 }.joined() }
  }

  private static func text(_ path: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The product of counts in bytes; nil where it is more than can be counted.
  package static func product(_ counts: Int...) -> Int? {
    var product = 1
    for count in counts {
      let (next, overflow) = product.multipliedReportingOverflow(by: count)
      guard !overflow else { return nil }
      product = next
    }
    return product
  }
}
