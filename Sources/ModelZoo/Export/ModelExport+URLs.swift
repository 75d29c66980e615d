public import Foundation

extension ModelExport {
  /// Opens an archive; see ``init(contentsOf:options:)-(String,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public init(contentsOf url: URL, options: BackboneOptions = BackboneOptions()) throws {
    try self.init(contentsOf: url.filePath, options: options)
  }

  /// Writes the network in another format; see ``write(to:as:progress:)-(String,_,_)``.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  @discardableResult
  public func write(
    to url: URL, as format: ExportFormat,
    progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> ExportSummary {
    try write(to: url.filePath, as: format, progress: progress)
  }

  /// The same on a thread of its own; see ``start(to:as:)-(String,_)``.
  ///
  /// - Throws: ``ModelZooError/notAFileURL(_:)``.
  public func start(to url: URL, as format: ExportFormat) throws -> Job<ExportEvent, ExportSummary> {
    try start(to: url.filePath, as: format)
  }
}
