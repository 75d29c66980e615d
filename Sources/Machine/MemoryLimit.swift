import Foundation

/// The system does not give as much memory as something takes.
package struct MemoryShortage: Error, Hashable {
  package var neededBytes: Int
  /// What there was to be had when it was asked for.
  package var availableBytes = MemoryLimit.available

  package init(neededBytes: Int) { self.neededBytes = neededBytes }
}

/// How much memory this process may have at most: the machine's, less where a container or a limit of the process says so.
package enum MemoryLimit {
  /// In bytes; looked up once.
  package static let byteCount: Int = {
    let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return ([machine, addressSpace].compactMap(\.self) + controlGroups).min() ?? machine
  }()

  /// What it may still take, in bytes: ``byteCount``, but where its address space is limited no more than is left of that,
  /// less what is kept for all that is too small to be counted. Elsewhere what it has already is not taken off: much of it
  /// are files, whose pages the system takes back.
  package static var available: Int {
    guard let addressSpace else { return byteCount }
    return max(0, min(byteCount, addressSpace - usedAddressSpace - uncounted))
  }

  /// Refuses what there is no room for.
  ///
  /// - Parameter bytes: nil where there are too many to count.
  package static func check(_ bytes: Int?) throws(MemoryShortage) {
    if let bytes, bytes <= available { return }
    throw MemoryShortage(neededBytes: bytes ?? .max)
  }

  /// Bytes for stacks, images on their way, tables and texts.
  private static let uncounted = 24 << 20

  /// What the process has of its address space, which Linux tells; systems that do not limit it need not.
  private static var usedAddressSpace: Int {
    let pages = text("/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) }
    return (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Whether the address space of this process is limited.
  package static var isAddressSpaceLimited: Bool { addressSpace != nil }

  /// What is left of the address space where that is limited, in bytes.
  package static var addressSpaceLeft: Int? { addressSpace.map { max(0, $0 - usedAddressSpace) } }

  /// `RLIMIT_STACK`, which is the main thread's; nil for none.
  package static var stack: Int? { limit(stackResource) }

  /// `RLIMIT_AS`; nil for none.
  private static let addressSpace = limit(addressSpaceResource)

  #if canImport(Glibc)
    private static let stackResource = __rlimit_resource_t(RLIMIT_STACK.rawValue)
    private static let addressSpaceResource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    private typealias Resource = __rlimit_resource_t
  #else
    private static let stackResource = RLIMIT_STACK
    private static let addressSpaceResource = RLIMIT_AS
    private typealias Resource = Int32
  #endif

  /// In bytes; nil for none.
  private static func limit(_ resource: Resource) -> Int? {
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else { return nil }
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
