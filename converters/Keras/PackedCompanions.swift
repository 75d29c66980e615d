import Files
import WeightConversion

/// What a `.keras` archive has besides the architecture, the weights and who wrote them: a vocabulary under `assets/`, or what somebody
/// added.
struct PackedCompanions: Sendable {
  private let archive: ZipArchive
  private let folder: String

  /// - Parameter folder: what the names of Keras's own members begin with.
  init(_ archive: ZipArchive, folder: String) { (self.archive, self.folder) = (archive, folder) }

  /// Reads all of them once, in constant memory.
  func add(to found: inout LeftAside) throws(KerasWeightsError) {
    let known = [KerasArchive.configuration, KerasArchive.weights, KerasArchive.metadata].map { folder + $0 }
    for member in archive.members where !known.contains(member.name) && !member.name.hasSuffix("/") {
      let name = member.name.hasPrefix(folder) ? String(member.name.dropFirst(folder.count)) : member.name
      var digest = SHA256()
      do {
        try archive.forEachPiece(of: member) { piece in
          digest.update(piece)
          return true
        }
      } catch .unsupported {
        found.unread.append(name)
        continue
      } catch {
        throw .bytes(error)
      }
      found.members.append(
        LeftAside.Member(name: name, byteCount: member.byteCount, digest: digest.hexadecimal))
    }
  }
}
