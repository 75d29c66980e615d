import ModelZoo
import Reports

/// `zoo fetch`
struct FetchCommand: Command {
  private let entry = Argument<String>.required("ENTRY", help: "a network of the catalog; zoo list names all")
  private let weights = Option<String?>.optional(
    "weight-set", value: "TAG", .text,
    help: "the weight set, as zoo list ENTRY names them (default: the latest with an address and a digest)")
  private let output = Option<String?>.optional(
    "output", short: "o", value: "FILE", .output,
    help: "where the weight file shall be (default: in the system's folder for caches)")
  private let archive = Option<String?>.optional(
    "convert", value: "ARCHIVE", .output,
    help:
      "also convert the file, into this archive (.zoo.safetensors), or into this folder under the network's name"
  )
  private let mirror = Option<String?>.optional(
    "mirror", value: "URL", .text,
    help: "fetch from this address, a folder with files under their published names, not from the publisher's"
  )
  private let offline = Flag("offline", help: "ask no server: the file must be there")
  private let timeout = Option(
    "timeout", value: "SECONDS", .integer(in: 1...3600), default: 30,
    help: "give up when nothing comes for so long")

  let name = "fetch"
  let abstract = "fetch a published weight file of a network"
  let discussion = """
    The file comes from the address it was published at, which zoo list ENTRY shows, or from a mirror. Its size and \
    its MD5 or SHA-256 are verified before it gets its name; where nobody published a digest, that is said. A file that \
    is there already and is the right one is not fetched again.

    What has come stays beside the file, as .NAME.partial, when the connection breaks or the command is interrupted; the \
    same command goes on there. The system's program curl does the work, which takes proxies from the environment \
    (https_proxy, no_proxy).
    """
  var example: String {
    """
    zoo fetch \(Common.exampleEntry) --convert \(Common.exampleEntry).zoo.safetensors
    zoo fetch \(Common.exampleEntry) -o weights.h5
    """
  }
  var declarations: [any CommandArgument] {
    [entry, weights, output, archive, mirror, offline, timeout, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    if let archive = arguments[archive] {
      try KnownEnding.check(archive, of: "--convert", contents: "an archive", "safetensors")
    }
    let catalog = try arguments.catalog
    let published = try catalog.publishedWeights(of: arguments[entry], tag: arguments[weights])
    let archive = arguments[archive].map { self.archive($0, published) }
    let path = try path(arguments, published, console)
    let options = FetchOptions(
      mirror: arguments[mirror], isOffline: arguments[offline], stallSeconds: arguments[timeout],
      searchPath: console.environment["PATH"])
    let progress = FetchProgress(console, published)
    let file = try published.start(to: path, options: options).wait(progress.show)
    progress.finish()
    if !file.isVerified {
      console.warn(
        "\(file.path): nobody published a digest of \(published.fileName): nothing tells whether it is the one that was published"
      )
    }
    if !arguments[Common.json] { console.print(line(file, published)) }
    let report = try archive.map { try convert(file, to: $0, catalog, console) }
    if arguments[Common.json] {
      console.print(json(file, published, report))
    } else if let report {
      for line in ConversionView.lines(report, nil, file: file.path) { console.print(line) }
    }
  }

  /// Where the archive shall be: in a folder it has the network's name.
  private func archive(_ path: String, _ published: PublishedWeights) -> String {
    guard path.hasSuffix("/") || FileRole(path) == .folder else { return path }
    return (path.hasSuffix("/") ? path : path + "/") + published.network + ".zoo.safetensors"
  }

  /// Where the file shall be.
  private func path(
    _ arguments: Arguments, _ published: PublishedWeights, _ console: Console
  ) throws(UsageError) -> String {
    if let output = arguments[output] {
      return output.hasSuffix("/") ? output + published.fileName : output
    }
    guard let folder = FeatureCache.standardFolder(environment: console.environment) else {
      throw .conflict("--output: there is no home for a cache; name the file with -o")
    }
    return "\(folder)/weights/\(published.network)/\(published.tag)/\(published.fileName)"
  }

  private func convert(
    _ file: FetchedFile, to archive: String, _ catalog: NetworkCatalog, _ console: Console
  ) throws -> ConversionReport {
    let conversion = try catalog.conversion(of: file.path)
    let progress = console.progress("Converting", total: conversion.recognition.valueCount, unit: "value")
    let report = try conversion.write(to: archive) { progress.advance(by: $0) }
    progress.finish()
    if let warning = report.unusualTensors.warning { console.warn("\(file.path): \(warning)") }
    return report
  }

  private func line(_ file: FetchedFile, _ published: PublishedWeights) -> String {
    let digest =
      published.md5 != nil || !published.isIdentified
      ? "MD5 \(file.digests.md5)" : "SHA-256 \(file.digests.sha256)"
    return
      "\(file.path): \(published.network), weight set \(published.tag), \(file.digests.byteCount.grouped) bytes, \(digest)"
      + (file.isVerified ? ", as published" : "") + (file.address == nil ? "; it was there already" : "")
  }

  private func json(
    _ file: FetchedFile, _ published: PublishedWeights, _ report: ConversionReport?
  ) -> JSON {
    var facts: [(name: String, value: JSON)] = [
      ("file", .string(file.path)), ("network", .string(published.network)),
      ("weights", .string(published.tag)),
      ("address", file.address.map(JSON.string) ?? .null), ("bytes", .integer(file.digests.byteCount)),
      ("md5", .string(file.digests.md5)), ("sha256", .string(file.digests.sha256)),
      ("verified", .boolean(file.isVerified)),
    ]
    if let report { facts.append(("conversion", ConversionView.json(report, nil))) }
    return .object(facts)
  }
}

/// How far a file has come, as a bar.
private final class FetchProgress: Sendable {
  private let console: Console
  private let published: PublishedWeights
  private let state = Locked<(bar: Progress, shown: Int)?>(nil)

  init(_ console: Console, _ published: PublishedWeights) {
    (self.console, self.published) = (console, published)
  }

  func show(_ event: FetchEvent) {
    switch event {
    case .resumed(let place): console.note("\(place.grouped) bytes are there already")
    case .restarted:
      console.note("the server does not send the rest alone: the file is fetched from its beginning")
      finish()
      state.value = nil
    case .otherFile(let name):
      console.note(
        "what is there already is of another file, \(name): the file is fetched from its beginning")
    case .bytes(let done, let total):
      var now =
        state.value
        ?? (console.progress("Fetching", total: total ?? published.byteCount, unit: "byte"), 0)
      now.bar.advance(by: max(0, done - now.shown))
      now.shown = done
      state.value = now
    }
  }

  func finish() { state.value?.bar.finish() }
}
