public import Files

/// The metadata of an archive.
public struct Manifest: Hashable, Sendable {
  /// The format the file is in.
  public let version: FormatVersion
  /// The program that wrote the file, with its version: `model-zoo 0.1.0`.
  public var producer: String
  /// The file that the tensors were converted from; nil if they were not converted.
  public var source: Provenance?
  /// Texts in the archive that the format does not interpret, each under a name: `entry`, `labels`, `head`.
  ///
  /// A name is 1 to 64 ASCII letters, digits, `-`, `_` or `.`. By convention a text is JSON.
  public var sections: [String: String]

  /// A manifest in the version this build writes.
  public init(producer: String, source: Provenance? = nil, sections: [String: String] = [:]) {
    self.init(version: .current, producer: producer, source: source, sections: sections)
  }

  init(version: FormatVersion, producer: String, source: Provenance?, sections: [String: String]) {
    self.version = version
    self.producer = producer
    self.source = source
    self.sections = sections
  }
}

/// The file that an archive's tensors were converted from, and what was known about it.
public struct Provenance: Hashable, Sendable {
  /// The name of the file, without folders.
  public var fileName: String
  /// Its size and digests.
  public var digests: FileDigests
  /// The generation of the format it was in, in the converter's words: `keras-1.x`.
  public var era: String?
  /// The program that converted it, with its version.
  public var converter: String?
  /// The licence of the weights: an SPDX identifier where there is one.
  public var licence: String?
  /// Whom to credit: the paper or the project.
  public var attribution: String?
  /// Further facts, by name.
  public var details: [String: String]

  /// The provenance of a converted file.
  public init(
    fileName: String, digests: FileDigests, era: String? = nil, converter: String? = nil,
    licence: String? = nil, attribution: String? = nil, details: [String: String] = [:]
  ) {
    self.fileName = fileName
    self.digests = digests
    self.era = era
    self.converter = converter
    self.licence = licence
    self.attribution = attribution
    self.details = details
  }
}
