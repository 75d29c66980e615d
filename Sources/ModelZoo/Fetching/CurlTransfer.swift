import Files
import Foundation

/// One request by the system's curl, run as a child: its answer comes through a pipe. No shell is involved, and no configuration of the
/// user's but the environment's proxies.
struct CurlTransfer {
  /// Where curl is.
  let tool: String
  let address: String
  /// From which byte on the file is asked for.
  let start: Int
  /// Which version of the file that is the rest of; any other is asked for from its beginning.
  let validator: String?
  let stallSeconds: Int

  /// How it ended: curl's exit code, and what it said.
  struct Ending {
    let code: Int32
    let words: String
  }

  private static let pieceByteCount = 1 << 16

  /// Where curl is among the folders of `PATH`; nil for nowhere.
  static func tool(in path: String) -> String? {
    path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/curl" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private var words: [String] {
    let schemes = address.lowercased().hasPrefix("https:") ? "=https" : "=http,https"
    var words = [
      "--disable", "--silent", "--show-error", "--include", "--suppress-connect-headers", "--globoff",
      "--location", "--max-redirs", "5", "--proto", "=http,https", "--proto-redir", schemes,
      "--connect-timeout", "\(stallSeconds)", "--speed-limit", "1", "--speed-time", "\(stallSeconds)",
    ]
    if start > 0 {
      words += ["--range", "\(start)-"]
      if let validator { words += ["--header", "If-Range: \(validator)"] }
    }
    return words + ["--url", address]
  }

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - cancellation: ends the child soon.
  ///   - take: is given what comes; what it throws ends the child, too.
  func run(_ cancellation: Cancellation, take: ([UInt8]) throws -> Void) throws -> Ending {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    let end = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in end.signal() }
    try process.run()
    // Nobody hears of a cancellation while nothing comes. A child begins with the signals that its parent's thread holds back, so that only
    // one that cannot be held back ends it for sure; it has nothing to tidy up.
    let number = process.processIdentifier
    let watch = Thread {
      while !cancellation.isCancelled {
        if end.wait(timeout: .now() + 0.1) == .success {
          end.signal()
          return
        }
      }
      kill(number, SIGKILL)
    }
    watch.start()
    do {
      try read(output, cancellation, take)
    } catch {
      kill(number, SIGKILL)
      end.wait()
      end.signal()
      throw error
    }
    end.wait()
    end.signal()
    try cancellation.check()
    let said = (try? errors.fileHandleForReading.readToEnd()) ?? nil
    return Ending(code: process.terminationStatus, words: Self.words(of: said ?? Data()))
  }

  private func read(_ pipe: Pipe, _ cancellation: Cancellation, _ take: ([UInt8]) throws -> Void) throws {
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    while true {
      var piece: [UInt8] = []
      guard try readNext(from: descriptor, atMost: Self.pieceByteCount, into: &piece) > 0 else { return }
      try cancellation.check()
      try take(piece)
    }
  }

  /// What curl said, without its own name and number.
  private static func words(of errors: Data) -> String {
    let line =
      String(decoding: errors.prefix(4096), as: UTF8.self).split(whereSeparator: \.isNewline).last ?? ""
    let words = line.hasPrefix("curl: (") ? line.drop { $0 != ")" }.dropFirst() : line[...]
    return words.trimmingCharacters(in: .whitespaces)
  }
}
