import Foundation
import ModelZoo
import Synchronization
import TestSupport
import Testing

/// Published files that are fetched from a server on this machine, which is not always honest.
@Suite(.enabled(if: LoopbackServer.hasCurl, "curl is not on this system")) struct FetchTests {
  typealias Answer = @Sendable (LoopbackServer.Request) -> [LoopbackServer.Step]

  /// What is published: 300,000 bytes.
  static let content: [UInt8] = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  static func head(_ status: String = "200 OK", _ count: Int = content.count, _ more: String = "")
    -> LoopbackServer.Step
  {
    .text("HTTP/1.1 \(status)\r\nContent-Length: \(count)\r\nConnection: close\r\n\(more)\r\n")
  }

  /// The rest of it, or all.
  static func serve(_ request: LoopbackServer.Request, tag: String = "\"a\"") -> [LoopbackServer.Step] {
    let etag = "ETag: \(tag)\r\n"
    guard let start = request.start, request.ifRange == nil || request.ifRange == tag else {
      return [head("200 OK", content.count, etag), .bytes(content)]
    }
    let range = "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)\r\n"
    return [
      head("206 Partial Content", content.count - start, range + etag), .bytes(Array(content[start...])),
    ]
  }

  struct Place {
    let folder: URL
    let weights: PublishedWeights
    var file: String { folder.appending(path: "w.h5").path }
    var partial: String { folder.appending(path: ".w.h5.partial").path }

    func options(_ server: LoopbackServer) -> FetchOptions {
      FetchOptions(mirror: server.address + "/weights", stallSeconds: 1, retries: 0)
    }

    @discardableResult func fetch(_ server: LoopbackServer, _ change: (inout FetchOptions) -> Void = { _ in })
      throws
      -> (file: FetchedFile, events: [FetchEvent])
    {
      var options = options(server)
      change(&options)
      let events = Events()
      let file = try weights.start(to: file, options: options).wait { events.add($0) }
      return (file, events.all)
    }

    var isWhole: Bool { (try? Data(contentsOf: URL(fileURLWithPath: file))) == Data(FetchTests.content) }
    var keptCount: Int? {
      (try? FileManager.default.attributesOfItem(atPath: partial))?[.size] as? Int
    }
  }

  /// A catalog with one more set of SqueezeNet, which publishes the content.
  static func catalog(in folder: URL, size: Int? = content.count, isIdentified: Bool = true) throws
    -> NetworkCatalog
  {
    let entry = folder.appending(path: "zoo/squeezenet")
    try FileManager.default.createDirectory(
      at: entry.appending(path: "weights"), withIntermediateDirectories: true)
    let own = Repository.root.appending(path: "zoo/squeezenet")
    try FileManager.default.copyItem(
      at: own.appending(path: "model.json"), to: entry.appending(path: "model.json"))
    let source = folder.appending(path: "content")
    try Data(content).write(to: source)
    let md5 = try FileDigests(contentsOf: source.path).md5
    var text = try String(contentsOf: own.appending(path: "weights/rcmalli-tf.json"), encoding: .utf8)
    let start = try #require(text.range(of: "\"file\":")),
      end = try #require(text.range(of: "}", range: start.upperBound..<text.endIndex))
    let facts = (size.map { ", \"size\": \($0)" } ?? "") + (isIdentified ? ", \"md5\": \"\(md5)\"" : "")
    text.replaceSubrange(
      start.lowerBound..<end.upperBound,
      with: "\"file\": {\"name\": \"w.h5\", \"source\": \"https://127.0.0.1:1/w.h5\"\(facts)}")
    text = text.replacing("\"rcmalli-tf\"", with: "\"trial\"")
    try text.write(to: entry.appending(path: "weights/trial.json"), atomically: true, encoding: .utf8)
    return try NetworkCatalog(adding: [folder.appending(path: "zoo").path])
  }

  static func withPlace(
    size: Int? = content.count, isIdentified: Bool = true, _ body: (Place) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let catalog = try catalog(in: folder, size: size, isIdentified: isIdentified)
      try body(Place(folder: folder, weights: catalog.publishedWeights(of: "squeezenet", tag: "trial")))
    }
  }

  private func expect(
    _ place: Place, _ answer: @escaping Answer, keeps kept: Int?,
    _ location: SourceLocation = #_sourceLocation,
    _ matches: (FetchError) -> Bool
  ) throws {
    let server = try LoopbackServer(answer)
    #expect(sourceLocation: location) {
      try place.fetch(server)
    } throws: { error in
      (error as? FetchError).map(matches) ?? false
    }
    #expect(FileIdentity(place.file) == nil && place.keptCount == kept, sourceLocation: location)
  }

  @Test(arguments: [content.count, nil]) func aFileIsFetchedOnce(size: Int?) throws {
    try Self.withPlace(size: size) { place in
      let server = try LoopbackServer { Self.serve($0) }
      let (file, events) = try place.fetch(server)
      #expect(place.isWhole && file.isVerified && file.address == server.address + "/weights/w.h5")
      #expect(events.last == .bytes(done: Self.content.count, total: Self.content.count))
      #expect(place.keptCount == nil && FileIdentity(place.partial + ".json") == nil)
      let again = try place.fetch(server) { $0.isOffline = true }
      #expect(
        again.file.address == nil && again.events.isEmpty && server.requests.map(\.path) == ["/weights/w.h5"])
    }
  }

  /// Cut short, the rest is fetched; of another version, or from a server that knows no parts, all of it.
  @Test(arguments: [("\"a\"", true), ("\"b\"", false), ("none", false)]) func theRestIsFetched(
    tag: String, resumes: Bool
  ) throws {
    try Self.withPlace { place in
      let first: Answer = { _ in
        [Self.head("200 OK", Self.content.count, "ETag: \"a\"\r\n"), .bytes(Array(Self.content[..<100_000]))]
      }
      try expect(place, first, keeps: 100_000) { if case .broken(_, _, 100_000) = $0 { true } else { false } }
      let second = try LoopbackServer { request in
        tag == "none" ? [Self.head(), .bytes(Self.content)] : Self.serve(request, tag: tag)
      }
      let (_, events) = try place.fetch(second)
      #expect(
        place.isWhole && second.requests.map(\.start) == [100_000] && second.requests[0].ifRange == "\"a\"")
      #expect(events.contains(resumes ? .resumed(at: 100_000) : .restarted))
    }
  }

  /// What has come of a file that was published under another name is no part of this one.
  @Test func anotherFilesBeginningIsNotGoneOnWith() throws {
    try Self.withPlace { place in
      try Data(repeating: 7, count: 1000).write(to: URL(fileURLWithPath: place.partial))
      try Data(#"{"file":"other.h5"}"#.utf8).write(to: URL(fileURLWithPath: place.partial + ".json"))
      let server = try LoopbackServer { Self.serve($0) }
      let (_, events) = try place.fetch(server)
      #expect(place.isWhole && server.requests.map(\.start) == [nil])
      #expect(events.first == .otherFile("other.h5"))
    }
  }

  /// A connection that breaks is taken up again within one fetch, as long as something comes.
  @Test func brokenConnectionsAreTakenUp() throws {
    try Self.withPlace { place in
      let server = try LoopbackServer { request in
        let start = request.start ?? 0
        let steps = Self.serve(request)
        let end = min(Self.content.count, start + 120_000)
        return [steps[0], .bytes(Array(Self.content[start..<end]))]
      }
      try place.fetch(server) { $0.retries = 5 }
      #expect(place.isWhole && server.requests.map(\.start) == [nil, 120_000, 240_000])
    }
  }

  @Test func otherBytesAreNotKept() throws {
    try Self.withPlace { place in
      var damaged = Self.content
      damaged[77] ^= 1
      let bytes = damaged
      try expect(place, { _ in [Self.head(), .bytes(bytes)] }, keeps: nil) { error in
        if case .wrongDigest(_, "MD5", let expected, let found) = error { expected != found } else { false }
      }
    }
    // What was there of another file is found out, too.
    try Self.withPlace { place in
      try Data(repeating: 7, count: 1000).write(to: URL(fileURLWithPath: place.partial))
      try expect(place, { Self.serve($0) }, keeps: nil) { if case .wrongDigest = $0 { true } else { false } }
      try place.fetch(LoopbackServer { Self.serve($0) })
      #expect(place.isWhole)
    }
  }

  @Test func sizesAreNotTheServersToSay() throws {
    try Self.withPlace { place in
      try expect(place, { _ in [Self.head("200 OK", 400_000)] }, keeps: nil) {
        if case .wrongSize(_, 300_000, 400_000) = $0 { true } else { false }
      }
      let more: Answer = { _ in
        [.text("HTTP/1.0 200 OK\r\n\r\n"), .bytes(Self.content), .bytes(Self.content)]
      }
      try expect(place, more, keeps: nil) { if case .tooLarge(_, 300_000) = $0 { true } else { false } }
      let less: Answer = { _ in [.text("HTTP/1.0 200 OK\r\n\r\n"), .bytes([1, 2, 3])] }
      try expect(place, less, keeps: nil) { if case .wrongSize(_, 300_000, 3) = $0 { true } else { false } }
    }
  }

  @Test(arguments: [404, 403, 503]) func refusalsAreSaid(status: Int) throws {
    try Self.withPlace { place in
      try expect(place, { _ in [Self.head("\(status) No", 2), .text("no")] }, keeps: nil) { error in
        if case .refused(_, let found) = error { found == status } else { false }
      }
    }
  }

  @Test func nothingIsFollowedFromTheNetworkToAFile() throws {
    try Self.withPlace { place in
      for target in ["file:///etc/passwd", "ftp://127.0.0.1/w.h5"] {
        try expect(place, { _ in [Self.head("302 Found", 0, "Location: \(target)\r\n")] }, keeps: nil) {
          error in
          if case .redirected(_, target, _) = error { true } else { false }
        }
      }
    }
    // What nothing tells from another file comes from nowhere else.
    try Self.withPlace(isIdentified: false) { place in
      try expect(place, { Self.serve($0) }, keeps: nil) { if case .unprotected = $0 { true } else { false } }
    }
  }

  @Test func anotherMachineMaySendWhatItsDigestTells() throws {
    try Self.withPlace { place in
      let other = try LoopbackServer { Self.serve($0) }
      let server = try LoopbackServer { _ in [Self.head("302 Found", 0, "Location: \(other.address)/x\r\n")] }
      try place.fetch(server)
      #expect(place.isWhole && other.requests.map(\.path) == ["/x"])
      let loop = try LoopbackServer { _ in [Self.head("302 Found", 0, "Location: /again\r\n")] }
      try FileManager.default.removeItem(atPath: place.file)
      #expect(throws: FetchError.self) { try place.fetch(loop) }
      #expect(loop.requests.count == 6)
    }
  }

  @Test func aServerThatSaysNothingIsLeft() throws {
    try Self.withPlace { place in
      let stalls: Answer = { _ in [Self.head(), .bytes(Array(Self.content[..<5000])), .silence] }
      try expect(place, stalls, keeps: 5000) { if case .stalled(_, 1, 5000) = $0 { true } else { false } }
    }
  }

  @Test func aCancelledFetchKeepsWhatItHas() throws {
    try Self.withPlace { place in
      let server = try LoopbackServer { _ in [Self.head(), .bytes(Array(Self.content[..<5000])), .silence] }
      var options = place.options(server)
      options.stallSeconds = 15
      let job = place.weights.start(to: place.file, options: options)
      #expect(throws: CancellationError.self) {
        try job.wait { event in if case .bytes(5000, _) = event { job.cancel() } }
      }
      #expect(place.keptCount == 5000 && FileIdentity(place.file) == nil)
    }
  }

  /// What has the names of a file on its way, and is somebody's.
  @Test func whatIsInTheWayStays() throws {
    let files = FileManager.default
    for isNote in [false, true] {
      for kind in ["folder", "link", "second name"] {
        try Self.withPlace { place in
          let way = place.partial + (isNote ? ".json" : "")
          let other = place.folder.appending(path: "precious")
          try Data("precious".utf8).write(to: other)
          switch kind {
          case "folder":
            try files.createDirectory(atPath: way, withIntermediateDirectories: true)
            try files.copyItem(atPath: other.path, toPath: way + "/precious")
          case "link": try files.createSymbolicLink(atPath: way, withDestinationPath: other.path)
          default: try files.linkItem(atPath: other.path, toPath: way)
          }
          let server = try LoopbackServer { Self.serve($0) }
          #expect {
            try place.fetch(server)
          } throws: { error in
            (error as? FileError)?.description.hasPrefix("\(way): cannot be written") == true
          }
          let kept = kind == "folder" ? way + "/precious" : other.path
          #expect(try String(contentsOf: URL(fileURLWithPath: kept), encoding: .utf8) == "precious")
          #expect(server.requests.isEmpty && FileIdentity(way) != nil)
        }
      }
    }
  }

  @Test func passwordsAreNotRepeated() throws {
    try Self.withPlace { place in
      let server = try LoopbackServer { _ in [Self.head("404 Not Found", 0)] }
      let mirror = server.address.replacing("://", with: "://user:secret@")
      let error = #expect(throws: FetchError.self) { try place.fetch(server) { $0.mirror = mirror } }
      #expect(error?.description.contains("/w.h5") == true && error?.description.contains("secret") == false)
    }
  }

  @Test func whatIsNoHTTPIsSaid() throws {
    try Self.withPlace { place in
      try expect(place, { _ in [.text("hello, is this the place?\r\n\r\n")] }, keeps: nil) {
        if case .badAnswer = $0 { true } else { false }
      }
    }
  }

  @Test func whatIsMissingIsSaid() throws {
    try Self.withPlace { place in
      let server = try LoopbackServer { Self.serve($0) }
      #expect(throws: FetchError.notHere(path: place.file, file: "w.h5")) {
        try place.fetch(server) { $0.isOffline = true }
      }
      #expect(throws: FetchError.noTool(looked: "/nowhere")) {
        try place.fetch(server) { $0.searchPath = "/nowhere" }
      }
      for mirror in ["file:///tmp", "ftp://a/b", "http://a b/", "https:///x", "x", "http://a/?b"] {
        #expect(throws: FetchError.self, "\(mirror)") { try place.weights.address(mirror: mirror) }
      }
      #expect(server.requests.isEmpty)
    }
  }

  /// Every published file of the catalog has a way to it, or says on which page it is; the usual one comes first.
  @Test func theCatalogsFilesHaveAddresses() throws {
    let catalog = try NetworkCatalog()
    let all = try catalog.identifiers.flatMap { try catalog.allPublishedWeights(of: $0) }
    #expect(all.count == 62 && all.count { $0.hasAddress } == 60)
    #expect(try catalog.publishedWeights(of: "resnet50").tag == "resnet")
    for weights in all where weights.hasAddress {
      let address = try weights.address()
      #expect(address.hasPrefix("https://"))
    }
    #expect(throws: FetchError.notPublished(network: "vgg19", tag: "x", known: ["imagenet"])) {
      try catalog.publishedWeights(of: "vgg19", tag: "x")
    }
  }
}

private final class Events: Sendable {
  private let list = Mutex<[FetchEvent]>([])

  func add(_ event: FetchEvent) { list.withLock { $0.append(event) } }
  var all: [FetchEvent] { list.withLock(\.self) }
}
