import ModelZoo
import Reports

/// What `zoo verify` says of one file.
struct VerificationView {
  let found: ArchiveVerification

  /// Prints the findings; what failed is said in full only where the error itself will not be.
  func print(on console: Console, isAlone: Bool) {
    console.print("\(found.path): \(verdict)")
    for line in damageLines(isAlone: isAlone) + factLines { console.print("  " + line) }
    if found.isIntact, found.checksums?.hasChecksums == false {
      console.warn("\(found.path): has no checksums; only its structure was checked")
    }
    warnOfValues(on: console)
  }

  /// Warns of weights that no network can compute with.
  func warnOfValues(on console: Console) {
    guard let warning = found.checksums?.unusualTensors.warning else { return }
    console.warn("\(found.path): \(warning)")
  }

  private var verdict: String {
    switch found.verdict {
    case .intact: "intact"
    case .wellFormed: "well-formed"
    case .damaged: "damaged or unreadable"
    case .notAnArchive: "not an archive"
    case .unfit: "does not fit its entry"
    }
  }

  private func damageLines(isAlone: Bool) -> [String] {
    guard let failure = found.failure else { return [] }
    let tensors = found.checksums?.damagedTensors ?? []
    if tensors.isEmpty { return isAlone ? [] : ["\(failure)"] }
    return tensors.map {
      let (expected, found) = (Self.digits($0.expected), Self.digits($0.found))
      return "\($0.name): expected CRC-32 \(expected), found \(found)"
    }
  }

  private var factLines: [String] {
    guard let archive = found.archive, let checksums = found.checksums else { return [] }
    var lines = [
      "\(counted(checksums.tensorCount, "tensor")) (\(ArchiveView.types(of: archive))), "
        + "\(checksums.payloadByteCount.grouped) bytes"
    ]
    if let network = found.network, found.isIntact {
      let graph = found.graph.map { ", graph \($0)" } ?? ""
      let parameters = counted(found.parameterCount, "parameter tensor")
      lines.append("entry \(network)\(graph): all \(parameters) in the right shape")
    }
    if let source = archive.manifest?.source {
      lines.append(
        "from \(source.fileName), \(source.digests.byteCount.grouped) bytes, MD5 \(source.digests.md5)")
    }
    if let line = TensorFindingView.line(checksums.unusualTensors) { lines.append(line) }
    if let digest = archive.digest { lines.append("archive SHA-256 \(digest)") }
    return lines
  }

  private static func digits(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The findings for machines.
  var json: JSON {
    var members: [(name: String, value: JSON)] = [
      ("path", .string(found.path)), ("intact", .boolean(found.isIntact)),
    ]
    if let archive = found.archive, let checksums = found.checksums {
      members += [
        ("format", JSON(archive.manifest?.version.description)),
        ("hasChecksums", .boolean(checksums.hasChecksums)),
        ("tensors", .integer(checksums.tensorCount)),
        ("payloadBytes", .integer(checksums.payloadByteCount)),
        ("dtypes", ArchiveView.typesJSON(of: archive)),
        ("archiveSHA256", JSON(archive.digest)), ("payloadSHA256", .string(checksums.payloadDigest)),
        ("entry", JSON(found.network)), ("graph", JSON(found.graph)),
        ("damaged", .array(checksums.damagedTensors.map(Self.json))),
        ("unusual", TensorFindingView.json(checksums.unusualTensors)),
      ]
    }
    if let failure = found.failure { members.append(("error", .string("\(failure)"))) }
    return .object(members)
  }

  private static func json(_ damage: Verification.Damage) -> JSON {
    [
      "name": .string(damage.name), "expected": .string(digits(damage.expected)),
      "found": .string(digits(damage.found)),
    ]
  }
}
