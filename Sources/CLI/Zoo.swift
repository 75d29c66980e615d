import Tensors

import Foundation

/// The executable: its words in, its exit code out.
@main
enum Zoo {
  static func main() {
    StandardStream.ignoreBrokenPipes()
    let console = Console(
      output: StandardStream.output, errors: StandardStream.errors,
      environment: ProcessInfo.processInfo.environment)
    let tool = Tool(commands: registeredCommands, version: Release.version)
    exit(tool.run(Array(CommandLine.arguments.dropFirst()), console).rawValue)
  }
}
