import Encoding
import Errors
import Files
import Foundation

/// How a published file is fetched.
public struct FetchOptions: Sendable {
  /// The address of a folder with files under their published names; nil for the publisher's.
  public var mirror: String?
  /// Whether nothing is asked of any server: the file must be there.
  public var isOffline: Bool
  /// For so long nothing may come.
  public var stallSeconds: Int
  /// How often a connection that broke is taken up again, each time where it ended.
  public var retries: Int
  /// The folders in which the program curl is looked for, as `PATH` lists them; nil for the environment's.
  public var searchPath: String?

  /// Makes options from their values.
  ///
  /// - Parameters:
  ///   - mirror: the address of a folder with files under their published names; nil for the publisher's.
  ///   - isOffline: whether nothing is asked of any server.
  ///   - stallSeconds: for how many seconds nothing may come.
  ///   - retries: how often a connection that broke is taken up again.
  ///   - searchPath: the folders in which the program curl is looked for; nil for the environment's.
  public init(
    mirror: String? = nil, isOffline: Bool = false, stallSeconds: Int = 30, retries: Int = 3,
    searchPath: String? = nil
  ) {
    (self.mirror, self.isOffline, self.stallSeconds) = (mirror, isOffline, stallSeconds)
    (self.retries, self.searchPath) = (retries, searchPath)
  }
}

/// What happens while a file is fetched.
public enum FetchEvent: Hashable, Sendable {
  /// So many bytes were there already, and the server goes on behind them.
  case resumed(at: Int)
  /// What was there is no part of what the server has, or it sends nothing but whole files: it begins anew.
  case restarted
  /// What was there is the beginning of another file, which was published under this name: it begins anew.
  case otherFile(String)
  /// So many bytes are there, of as many as the file has; nil where nobody says.
  case bytes(done: Int, total: Int?)
}

/// A file that is there, and is the one that was published, as far as anything tells.
public struct FetchedFile: Hashable, Sendable {
  /// Where it is.
  public let path: String
  /// The address it came from; nil where it was there already.
  public let address: String?
  /// Its size and digests.
  public let digests: FileDigests
  /// Whether its digest is the published one; false where nobody published any.
  public let isVerified: Bool
}

extension PublishedWeights {
  /// Fetches the file on a thread of its own: size and digest are verified before it gets its name.
  ///
  /// What has come is kept beside `path`, as `.NAME.partial`, when the connection breaks, the job is cancelled or the process ends; the
  /// next fetch goes on there. A file that is at `path` already and is the right one is not fetched again. The work is done by the
  /// system's program curl, which takes proxies from the environment.
  ///
  /// - Parameters:
  ///   - path: where the file shall be; its folder is made where it is not there.
  ///   - options: from where, and how patiently.
  /// - Returns: the work; cancelled, it ends within a fraction of a second. It fails with ``FetchError``, and with `FileError` where the
  ///   file cannot be written.
  public func start(to path: String, options: FetchOptions = FetchOptions()) -> Job<FetchEvent, FetchedFile> {
    Job(superseding: { event, unread in
      if case .bytes = event, case .bytes = unread { true } else { false }
    }) { context in
      if FileFacts.byteCount(of: path) != nil, let digests = try? check(path) {
        return FetchedFile(path: path, address: nil, digests: digests, isVerified: isIdentified)
      }
      guard !options.isOffline else { throw FetchError.notHere(path: path, file: fileName) }
      let fetch = try Fetch(self, to: path, options, context)
      return try fetch.run()
    }
  }
}

/// A file on its way.
private final class Fetch {
  private let weights: PublishedWeights
  private let path: String
  private let options: FetchOptions
  private let context: JobContext<FetchEvent>
  /// As curl gets it.
  private let request: String
  /// The same without a name and a password, which are nobody's to read.
  private let address: String
  private let tool: String
  private let partial: PartialFile
  /// How many bytes of the file are there.
  private var done: Int
  /// What tells the version of the file that they are of.
  private var validator: String?
  private var stream = ResponseStream()
  /// The most that this answer may bring.
  private var total: Int?

  init(
    _ weights: PublishedWeights, to path: String, _ options: FetchOptions, _ context: JobContext<FetchEvent>
  ) throws {
    (self.weights, self.path, self.options, self.context) = (weights, path, options, context)
    request = try weights.address(mirror: options.mirror)
    address = Self.withoutPassword(request)
    guard weights.isIdentified || address.lowercased().hasPrefix("https:") else {
      throw FetchError.unprotected(file: weights.fileName, address: address)
    }
    let folders = options.searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    guard let tool = CurlTransfer.tool(in: folders) else { throw FetchError.noTool(looked: folders) }
    self.tool = tool
    try OutputFolder.make(for: path)
    partial = try PartialFile(for: path)
    done = try partial.byteCount()
    let note = FetchNote(contentsOf: partial.notePath)
    validator = note?.validator
    if done > 0, let former = note?.file, former != weights.fileName {
      context.report(.otherFile(former))
      try begin(at: 0)
    }
    // Without a digest nobody would notice that the two parts are of different files.
    if done > weights.mostBytes || !weights.isIdentified && validator == nil { try begin(at: 0) }
  }

  private static func withoutPassword(_ address: String) -> String {
    guard var parts = URLComponents(string: address), parts.user != nil else { return address }
    (parts.user, parts.password) = (nil, nil)
    return parts.string ?? address
  }

  func run() throws -> FetchedFile {
    do {
      try transferAll()
    } catch {
      if done == 0 { discard() }
      throw error
    }
    let digests: FileDigests
    do {
      digests = try weights.check(partial.path, from: address)
    } catch {
      discard()
      throw error
    }
    try partial.moveIntoPlace()
    partial.removeNote()
    return FetchedFile(path: path, address: address, digests: digests, isVerified: weights.isIdentified)
  }

  private func transferAll() throws {
    for attempt in 0...max(0, options.retries) {
      let before = done
      do {
        if done == 0 || done != weights.byteCount { try transfer() }
        break
      } catch let error as FetchError {
        guard case .broken = error, attempt < options.retries, done > before else { throw error }
      }
    }
  }

  private func transfer() throws {
    (stream, total) = (ResponseStream(), nil)
    let asked = done
    if asked == 0 { validator = nil }
    let transfer = CurlTransfer(
      tool: tool, address: request, start: asked, validator: validator, stallSeconds: options.stallSeconds)
    let ending: CurlTransfer.Ending
    do {
      ending = try transfer.run(context.cancellation) { bytes in try take(bytes, asked) }
    } catch is WholeAlready {
      return
    } catch is StartAgain {
      try begin(at: 0)
      context.report(.restarted)
      return try self.transfer()
    }
    try conclude(ending)
  }

  /// The rest that was asked for is behind the server's file: what is there is of another one.
  private struct StartAgain: Error {}

  /// There is nothing behind what is there: only its name is missing.
  private struct WholeAlready: Error {}

  private func take(_ bytes: [UInt8], _ asked: Int) throws {
    let isNew = stream.head == nil
    let content: [UInt8]
    do throws(ResponseStream.BadHead) { content = try stream.take(bytes) } catch {
      throw FetchError.badAnswer(address: address, reason: "the server answers with something else than HTTP")
    }
    try checkRedirections()
    if isNew, let head = stream.head { try accept(head, asked) }
    guard !content.isEmpty else { return }
    guard content.count <= (total ?? weights.mostBytes) - done else {
      discard()
      throw FetchError.tooLarge(address: address, limit: total ?? weights.mostBytes)
    }
    try content.withRawSpan { try partial.write($0, at: done) }
    done += content.count
    context.report(.bytes(done: done, total: total))
  }

  private func accept(_ head: ResponseHead, _ asked: Int) throws {
    switch head.status {
    case 206 where asked > 0:
      guard head.rangeStart == asked else {
        throw FetchError.badAnswer(
          address: address,
          reason: "asked for what is behind \(asked.grouped) bytes, the server sends another part of the file"
        )
      }
      context.report(.resumed(at: asked))
    case 200:
      if asked > 0 {
        try begin(at: 0)
        context.report(.restarted)
      }
    case 416 where asked > 0:
      if head.totalByteCount == asked { throw WholeAlready() }
      throw StartAgain()
    default: throw FetchError.refused(address: address, status: head.status)
    }
    if let size = head.totalByteCount {
      if let expected = weights.byteCount, size != expected {
        discard()
        throw FetchError.wrongSize(address: address, expected: expected, found: size)
      }
      guard size <= weights.mostBytes else {
        discard()
        throw FetchError.tooLarge(address: address, limit: weights.mostBytes)
      }
      total = size
    } else {
      total = weights.byteCount
    }
    validator = head.validator
    FetchNote(validator: validator, file: weights.fileName).write(to: partial.notePath)
    context.report(.bytes(done: done, total: total))
  }

  /// Another host may send a file that its digest tells, or that the publisher points to itself.
  private func checkRedirections() throws {
    let isFree = weights.isIdentified || options.mirror == nil
    var current = URL(string: address)
    for location in stream.locations {
      let next = URL(string: location, relativeTo: current)?.absoluteURL
      guard let next, let scheme = next.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
        throw FetchError.redirected(
          address: address, to: location, reason: "only http:// and https:// are")
      }
      guard scheme == "https" || current?.scheme?.lowercased() == "http" else {
        throw FetchError.redirected(
          address: address, to: location,
          reason: "it has no encryption, and the address that pointed there has")
      }
      guard isFree || next.host == current?.host else {
        throw FetchError.redirected(
          address: address, to: location,
          reason: "it is another machine, and nobody published a digest of the file")
      }
      current = next
    }
  }

  private func conclude(_ ending: CurlTransfer.Ending) throws {
    switch ending.code {
    case 0 where stream.head != nil:
      guard let total, done != total else { return }
      if weights.byteCount == nil { throw broken("the file ends early") }
      discard()
      throw FetchError.wrongSize(address: address, expected: total, found: done)
    case 0: throw FetchError.badAnswer(address: address, reason: "the server answers nothing")
    case 28: throw FetchError.stalled(address: address, seconds: options.stallSeconds, kept: done)
    case 1 where stream.locations.isEmpty:
      throw FetchError.badAnswer(address: address, reason: "the server answers with something else than HTTP")
    case 1, 47:
      throw FetchError.redirected(
        address: address, to: stream.locations.last ?? "elsewhere", reason: ending.words)
    case 8, 43,
      56 where stream.head == nil && done == 0:
      throw FetchError.badAnswer(address: address, reason: ending.words)
    default: throw broken(ending.words.isEmpty ? "curl ended with \(ending.code)" : ending.words)
    }
  }

  private func broken(_ reason: String) -> FetchError {
    .broken(address: address, reason: reason, kept: done)
  }

  private func begin(at place: Int) throws(FileError) {
    try partial.truncate(to: place)
    (done, validator) = (place, nil)
  }

  private func discard() { partial.remove() }
}

/// What is noted beside a partial file.
private struct FetchNote: Codable {
  var validator: String?
  /// The name under which the file was published; nil of what was noted before names were.
  var file: String?

  init(validator: String?, file: String) { (self.validator, self.file) = (validator, file) }

  init?(contentsOf path: String) {
    guard let bytes = try? FileBytes(path: path).head(1 << 12),
      let note = try? JSONDecoder().decode(Self.self, from: Data(bytes))
    else { return nil }
    self = note
  }

  /// Without it a file is fetched from its beginning, or told by its digest.
  func write(to path: String) {
    let members = [("validator", validator), ("file", file)].compactMap { name, value in
      value.map { (name, JSON.string($0)) }
    }
    let text = JSON.object(members).compact
    try? AtomicFile.write(text, to: path)
  }
}
