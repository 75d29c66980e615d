import Foundation
import Synchronization

/// A server on this machine that answers as a test wants: every connection gets one answer and is closed.
package final class LoopbackServer: Sendable {
  /// What was asked for.
  package struct Request: Sendable {
    /// The path, with its slash.
    package let path: String
    /// The first byte that is wanted, where not all are.
    package let start: Int?
    /// What the rest is wanted of.
    package let ifRange: String?
  }

  /// A part of an answer.
  package enum Step: Sendable {
    case text(String)
    case bytes([UInt8])
    /// Nothing, until the other side has had enough, at most for 20 seconds.
    case silence
  }

  /// `http://127.0.0.1:PORT`, without a slash.
  package let address: String
  /// Whether the program curl is in one of the environment's folders.
  package static let hasCurl = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/curl")
    }
  private let socket: Int32
  private let seen: Seen

  /// What has been asked for, in order.
  package var requests: [Request] { seen.list.withLock(\.self) }

  /// Starts it; it ends with the value.
  package init(_ answer: @escaping @Sendable (Request) -> [Step]) throws {
    let seen = Seen()
    self.seen = seen
    #if canImport(Glibc)
      let listener = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    #else
      let listener = Foundation.socket(AF_INET, SOCK_STREAM, 0)
    #endif
    socket = listener
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &place) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        unsafe bind(listener, place, size) == 0 && listen(listener, 8) == 0
          && getsockname(listener, place, &size) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
    let thread = Thread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        #if canImport(Darwin)
          var one: Int32 = 1
          _ = unsafe setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &one, socklen_t(4))
        #endif
        if let request = Self.request(on: connection) {
          seen.list.withLock { $0.append(request) }
          for step in answer(request) where !Self.send(step, on: connection) { break }
        }
        close(connection)
      }
    }
    thread.start()
  }

  deinit {
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  private final class Seen: Sendable {
    let list = Mutex<[Request]>([])
  }

  private static func request(on connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
      var byte: UInt8 = 0
      guard unsafe read(connection, &byte, 1) == 1, bytes.count < 1 << 16 else { return nil }
      bytes.append(byte)
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    func value(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    let range = value("range").flatMap { Int($0.dropFirst(6).prefix { $0.isNumber }) }
    return Request(path: String(words[1]), start: range, ifRange: value("if-range"))
  }

  /// - Returns: false where the other side is gone.
  private static func send(_ step: Step, on connection: Int32) -> Bool {
    #if canImport(Glibc)
      let flags = Int32(MSG_NOSIGNAL)
    #else
      let flags: Int32 = 0
    #endif
    let bytes: [UInt8]
    switch step {
    case .text(let text): bytes = Array(text.utf8)
    case .bytes(let content): bytes = content
    case .silence:
      var patience = timeval(tv_sec: 20, tv_usec: 0)
      _ = unsafe setsockopt(
        connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
      var byte: UInt8 = 0
      return unsafe read(connection, &byte, 1) > 0
    }
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[done...])
        return unsafe Foundation.send(connection, rest.baseAddress, rest.count, flags)
      }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
