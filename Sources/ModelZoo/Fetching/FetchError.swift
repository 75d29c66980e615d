import Encoding
public import Errors

/// Why a published file of weights was not fetched. What was at the destination is unchanged.
public enum FetchError: ZooError, Hashable {
  /// No file was published of this network, or none under this tag; `known` are the tags that have one.
  case notPublished(network: String, tag: String?, known: [String])
  /// The file was published on a page, and not at an address of its own.
  case noAddress(file: String, page: String)
  /// An address of another kind than `http://` or `https://`, or one that cannot be extended by a file's name.
  case badAddress(String)
  /// Nobody published a digest of the file, and what is at an address without encryption may be anybody's.
  case unprotected(file: String, address: String)
  /// The system has no program called curl; `looked` says where it was looked for.
  case noTool(looked: String)
  /// The file is not there, and the network was not to be used.
  case notHere(path: String, file: String)
  /// No connection, or one that broke; what has come is kept.
  ///
  /// - Parameters:
  ///   - reason: in curl's words.
  ///   - kept: how many bytes there are by now.
  case broken(address: String, reason: String, kept: Int)
  /// Nothing came for so many seconds; what has come is kept.
  case stalled(address: String, seconds: Int, kept: Int)
  /// The server refused, by HTTP's number.
  case refused(address: String, status: Int)
  /// The server pointed to another address that is not followed.
  case redirected(address: String, to: String, reason: String)
  /// The server answered otherwise than HTTP has it.
  case badAnswer(address: String, reason: String)
  /// The server sends more than the file has; nothing of it was kept.
  case tooLarge(address: String, limit: Int)
  /// The whole answer has another size than the file; nothing of it was kept.
  case wrongSize(address: String, expected: Int, found: Int)
  /// What came is another file than the one that was published; nothing of it was kept.
  case wrongDigest(address: String, algorithm: String, expected: String, found: String)
  /// Nobody published a digest, and what came is no weight file; nothing of it was kept.
  case notWeights(address: String, finding: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .notPublished, .noAddress, .notHere, .broken, .stalled, .refused: .missing
    case .noTool, .unprotected, .redirected, .badAddress: .unsupported
    case .badAnswer, .tooLarge, .wrongSize, .wrongDigest, .notWeights: .malformed
    }
  }

  /// One sentence.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .notPublished(let network, let tag?, let known):
      "\(network): no published file of the weight set \(tag); "
        + (known.isEmpty ? "the catalog knows of none" : "choose one of \(known.joined(separator: ", "))")
    case .notPublished(let network, nil, _):
      "\(network): the catalog knows of no published file of weights; convert a file of your own"
    case .noAddress(let file, let page):
      "\(file): was published on a page, \(page), and not at an address of its own; fetch it there, or name a mirror"
    case .badAddress(let address):
      "\(address): expected an address that begins with https:// or http:// and has neither a query nor a blank; name another"
    case .unprotected(let file, let address):
      "\(file): nobody published a digest of it, and anybody on the way can change what http:// brings (\(address)); use https://"
    case .noTool(let looked):
      "curl: not found in \(looked), and it is what files are fetched with; install it, or fetch the file in another way and convert it"
    case .notHere(let path, let file):
      "\(path): the published file \(file) is not there, and nothing was to be fetched; fetch it with a network once"
    case .broken(let address, let reason, let kept):
      "\(address): the connection failed: \(reason)" + Self.words(kept: kept)
    case .stalled(let address, let seconds, let kept):
      "\(address): nothing came for \(counted(seconds, "second"))" + Self.words(kept: kept)
    case .refused(let address, let status):
      "\(address): the server answered \(status)\(Self.words(status: status))"
    case .redirected(let address, let target, let reason):
      "\(address): the server points to \(target), which is not followed: \(reason)"
    case .badAnswer(let address, let reason): "\(address): \(reason); name a mirror"
    case .tooLarge(let address, let limit):
      "\(address): expected at most \(limit.grouped) bytes, and the server sends more: it is another file; nothing was kept"
    case .wrongSize(let address, let expected, let found):
      "\(address): expected \(expected.grouped) bytes, as they were published, found \(found.grouped); nothing was kept"
    case .wrongDigest(let address, let algorithm, let expected, let found):
      "\(address): expected the \(algorithm) \(expected), as it was published, found \(found): it is another file, or was damaged on "
        + "the way; nothing was kept"
    case .notWeights(let address, let finding):
      "\(address): expected a whole weight file, found \(finding); nothing was kept"
    }
  }

  private static func words(kept: Int) -> String {
    kept > 0 ? "; \(kept.grouped) bytes are kept, and the next attempt goes on there" : "; try again"
  }

  private static func words(status: Int) -> String {
    switch status {
    case 401, 403: ": it does not give the file to everybody; name a mirror"
    case 404, 410: ": the file is not there any more; name a mirror"
    case 429: ": too many were asked for; try again later"
    case 500...: ": it fails itself; try again later, or name a mirror"
    default: "; name a mirror"
    }
  }
}
