import Files
import Foundation
import Reports
import Synchronization
import TensorArchive
import Tensors

/// An event file of one run: a folder that TensorBoard shows as a line of its own.
final class EventLog: Sendable {
  private static let number = Mutex(0)
  private let file: LogFile
  private let clock: @Sendable () -> Double

  /// Starts a new file in `folder`, which is made when it is not there.
  init(folder: String, clock: @escaping @Sendable () -> Double) throws {
    try OutputFolder.make(folder)
    let number = Self.number.withLock { number in
      number += 1
      return number - 1
    }
    let name = TensorBoardEvent.fileName(
      seconds: Int(clock()), host: "zoo", process: ProcessInfo.processInfo.processIdentifier, number: number)
    file = try LogFile("\(folder)/\(name)", keepsContents: true)
    self.clock = clock
    try append(step: 0, .fileVersion)
  }

  func append(step: Int, _ content: TensorBoardEvent.Content) throws {
    try file.append(TensorBoardEvent(wallTime: clock(), step: step, content).record)
  }
}
