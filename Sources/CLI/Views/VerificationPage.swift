import Catalog
import Encoding
import Reports
import TensorArchive
import Tensors

/// What `zoo verify` says of one file.
struct VerificationPage {
  private let path: String
  private var archive: Archive?
  private var verification: Verification?
  private var network: ArchivedNetwork?
  private var parameterCount = 0
  /// Why the file is not what it should be.
  private(set) var failure: (any Error)?

  /// Reads all of the file at `path`.
  init(_ path: String) {
    self.path = path
    do {
      let archive = try Archive(contentsOf: path)
      self.archive = archive
      let verification = archive.check()
      self.verification = verification
      if let damage = verification.error(path: path) { throw damage }
      network = try ArchivedNetwork(sections: archive.manifest?.sections ?? [:], place: path)
      if let network { parameterCount = try Self.bind(network, to: archive) }
    } catch {
      failure = error
    }
  }

  /// Finds every parameter of the network in the archive, in its shape; returns how many there are.
  private static func bind(_ network: ArchivedNetwork, to archive: Archive) throws -> Int {
    let parameters = try network.parameters()
    let shapes = Dictionary(
      archive.tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let problems = parameters.compactMap { parameter -> String? in
      guard let found = shapes[parameter.name] else { return "\(parameter.name) is missing" }
      guard found != parameter.shape else { return nil }
      return "\(parameter.name): expected \(parameter.shape), found \(found)"
    }
    guard problems.isEmpty else {
      throw VerificationError.unbound(
        path: archive.path, entry: network.entry.identifier, problems: problems)
    }
    return parameters.count
  }
}

extension VerificationPage {
  /// Prints the findings; what failed is said in full only where the error itself will not be.
  func print(on console: Console, isAlone: Bool) {
    console.print("\(path): \(verdict)")
    for line in damageLines(isAlone: isAlone) + factLines { console.print("  " + line) }
    if failure == nil, verification?.hasChecksums == false {
      console.warn("\(path): carries no checksums; only its structure was checked")
    }
  }

  private var verdict: String {
    switch (failure, verification?.hasChecksums) {
    case (nil, true): "intact"
    case (nil, _): "well-formed"
    case (is ArchiveError, _): "damaged or unreadable"
    default: "does not fit its entry"
    }
  }

  private func damageLines(isAlone: Bool) -> [String] {
    guard let failure else { return [] }
    let tensors = verification?.damagedTensors ?? []
    if tensors.isEmpty { return isAlone ? [] : ["\(failure)"] }
    return tensors.map {
      let (expected, found) = (Self.digits($0.expected), Self.digits($0.found))
      return "\($0.name): expected CRC-32 \(expected), found \(found)"
    }
  }

  private var factLines: [String] {
    guard let archive, let verification else { return [] }
    var lines = [
      "\(counted(verification.tensorCount, "tensor")) (\(ArchivePage.types(of: archive))), "
        + "\(verification.payloadByteCount.grouped) bytes"
    ]
    if let network {
      let variant = network.variant.map { ", graph \($0)" } ?? ""
      lines.append(
        "entry \(network.entry.identifier)\(variant): all \(counted(parameterCount, "parameter tensor")) in shape"
      )
    }
    if let source = archive.manifest?.source {
      lines.append(
        "from \(source.fileName), \(source.digests.byteCount.grouped) bytes, MD5 \(source.digests.md5)")
    }
    if let digest = archive.digest { lines.append("archive SHA-256 \(digest)") }
    return lines
  }

  private static func digits(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension VerificationPage {
  /// The findings for machines.
  var json: JSON {
    var members: [(name: String, value: JSON)] = [
      ("path", .string(path)), ("intact", .boolean(failure == nil)),
    ]
    if let archive, let verification {
      members += [
        ("format", JSON(archive.manifest?.version.description)),
        ("hasChecksums", .boolean(verification.hasChecksums)),
        ("tensors", .integer(verification.tensorCount)),
        ("payloadBytes", .integer(verification.payloadByteCount)),
        ("dtypes", ArchivePage.typesJSON(of: archive)),
        ("archiveSHA256", JSON(archive.digest)), ("payloadSHA256", .string(verification.payloadDigest)),
        ("entry", JSON(network?.entry.identifier)), ("graph", JSON(network?.variant)),
        ("damaged", .array(verification.damagedTensors.map(Self.json))),
      ]
    }
    if let failure { members.append(("error", .string("\(failure)"))) }
    return .object(members)
  }

  private static func json(_ damage: Verification.Damage) -> JSON {
    [
      "name": .string(damage.name), "expected": .string(digits(damage.expected)),
      "found": .string(digits(damage.found)),
    ]
  }
}
