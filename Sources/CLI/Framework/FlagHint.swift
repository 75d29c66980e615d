import ModelZoo

/// What the library says, with the options it speaks of: the library knows no command line.
enum FlagHint {
  /// The sentence, and the options that help, where there are any.
  static func sentence(of error: any Error) -> String { sentence("\(error)", options(error)) }

  static func sentence(of diagnostic: DatasetDiagnostic) -> String {
    let options: [String] =
      switch diagnostic {
      case .emptyClass: ["--classes"]
      default: []
      }
    return sentence(diagnostic.description, options)
  }

  private static func sentence(_ text: String, _ options: [String]) -> String {
    options.isEmpty ? text : text + " (\(options.joined(separator: ", ")))"
  }

  private static func options(_ error: any Error) -> [String] {
    switch error as? DatasetError {
    case .missingColumn: ["--x-col", "--y-col"]
    case .noListedFile: ["--directory", "--x-col"]
    default: []
    }
  }
}
