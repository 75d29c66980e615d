import Foundation
import ModelZoo
import Reports

/// The executable: its words in, its exit code out.
@main
enum Zoo {
  static func main() {
    ProcessMemory.shareHeap()
    StandardStream.occupyClosedNumbers()
    OpenFileLimit.raise()
    StandardStream.takeErrorsForSignals()
    Interruptions.cleanUp { AtomicFile.abandonAll() }
    let console = Console(
      output: StandardStream.output, errors: StandardStream.errors,
      environment: ProcessInfo.processInfo.environment)
    let tool = Tool(commands: registeredCommands, version: Release.version)
    let code = tool.run(
      Array(StandardStream.words.dropFirst()), console, unless: ProcessMemory.requireRoomToRun)
    // All is written and closed: what libraries would clean up is the system's to take back.
    _exit(code.rawValue)
  }
}
