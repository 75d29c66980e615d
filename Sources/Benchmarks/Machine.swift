import Encoding
import Foundation
import Reports

/// What the figures were measured on.
struct Machine: CustomStringConvertible {
  let processor: String
  let processors = ProcessInfo.processInfo.activeProcessorCount
  let memory = ProcessInfo.processInfo.physicalMemory
  let system = ProcessInfo.processInfo.operatingSystemVersionString

  init() { processor = Self.processorName }

  /// How this program was compiled.
  static var configuration: String {
    #if DEBUG
      "debug build: figures mean nothing"
    #else
      "release build"
    #endif
  }

  var description: String {
    "machine: \(processor), \(counted(processors, "processor")), "
      + "\(fixed(Double(memory) / 0x1p30, decimals: 1)) GiB, \(system)"
  }

  var json: JSON {
    [
      "processor": .string(processor), "processors": .integer(processors),
      "memoryBytes": .integer(Int(clamping: memory)), "system": .string(system),
    ]
  }

  /// As the system's list of processors has it; elsewhere the instruction set.
  private static var processorName: String {
    let list = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = list.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    #if arch(arm64)
      return name ?? "an AArch64 processor"
    #else
      return name ?? "an x86-64 processor"
    #endif
  }
}
