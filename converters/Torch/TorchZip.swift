import Encoding
import Files

/// What `torch.save` writes since 1.6: a zip archive with a pickle, `data.pkl`, and a member for every storage, `data/0`.
enum TorchZip {
  /// A pickle of more bytes describes no weights of networks for images.
  static let mostPickleBytes = 32 << 20

  /// Reads the pickle; storages are found, and read when they are asked for.
  static func read(_ bytes: FileBytes) throws(TorchWeightsError) -> (
    dictionary: StateDictionary, storages: TorchStorages
  ) {
    let archive = try readingFile { () throws(FileError) in try ZipArchive(bytes) }
    try refuseProgram(archive, bytes.name)
    guard
      let pickle = archive.members.first(where: { $0.name.hasSuffix("/data.pkl") || $0.name == "data.pkl" })
    else {
      throw .damaged(place: bytes.name, reason: "a zip archive without data.pkl, which all of PyTorch's have")
    }
    let folder = String(pickle.name.dropLast("data.pkl".count))
    try checkByteOrder(archive, folder, bytes.name)
    let text = try readingFile { () throws(FileError) in
      try archive.contents(of: pickle, atMost: mostPickleBytes)
    }
    var unpickler = Unpickler(text, path: "\(bytes.name)/\(pickle.name.printable)")
    let value = try unpickler.next()
    let storages = try storages(archive, folder, byteCount: bytes.byteCount)
    return (try StateDictionary(value, unpickler.heap, path: bytes.name, storages: storages), storages)
  }

  /// Refuses what holds a program besides weights: what `torch.jit.save` and `torch.export.save` write.
  static func refuseProgram(_ archive: ZipArchive, _ path: String) throws(TorchWeightsError) {
    let names = archive.members.map(\.name)
    let isScript =
      names.contains { $0 == "constants.pkl" || $0.hasSuffix("/constants.pkl") }
      && names.contains { $0.hasPrefix("code/") || $0.contains("/code/") }
    let isExport = names.contains { name in
      ["serialized_exported_program.json", "models/model.json"].contains {
        name == $0 || name.hasSuffix("/" + $0)
      }
    }
    guard isScript || isExport else { return }
    throw .unsupported(
      place: path,
      what: isScript
        ? "a program of TorchScript, which torch.jit.save wrote" : "a program that torch.export.save wrote",
      advice: "nothing in a file is run; save its weights alone in Python: "
        + (isScript ? "m = torch.jit.load('FILE')" : "m = torch.export.load('FILE')")
        + "; torch.save(\(isScript ? "m.state_dict()" : "m.state_dict"), 'weights.pth')")
  }

  private static func mostUnpacked(of byteCount: Int) -> Int {
    let (most, overflow) = byteCount.multipliedReportingOverflow(by: 3)
    return overflow ? .max : most + (48 << 20)
  }

  private static func storages(
    _ archive: ZipArchive, _ folder: String, byteCount: Int
  ) throws(TorchWeightsError) -> TorchStorages {
    let prefix = folder + "data/"
    var contents: [String: FileBytes] = [:]
    var members: [String: ZipMember] = [:]
    var room = mostUnpacked(of: byteCount)
    for member in archive.members where member.name.hasPrefix(prefix) && !member.isFolder {
      let key = String(member.name.dropFirst(prefix.count))
      contents[key] = try readingFile { () throws(FileError) in try archive.bytes(of: member, atMost: room) }
      // PyTorch packs nothing; what somebody packed anew is unpacked into memory.
      if member.packedByteCount < member.byteCount { room -= member.byteCount }
      members[key] = member
    }
    return TorchStorages(contents) { [members] (key) throws(FileError) in
      if let member = members[key] { try archive.verify(member) }
    }
  }

  private static func checkByteOrder(
    _ archive: ZipArchive, _ folder: String, _ path: String
  ) throws(TorchWeightsError) {
    guard let member = archive[folder + "byteorder"] else { return }
    let order = try readingFile { () throws(FileError) in try archive.contents(of: member, atMost: 16) }
    guard order == Array("little".utf8) else {
      throw .unsupported(
        place: path, what: "numbers whose highest byte comes first",
        advice: "save them on a machine that has the lowest first, as nearly all have")
    }
  }
}
