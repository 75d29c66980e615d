import Encoding

/// One event of a file that TensorBoard reads, as TensorFlow 2's summary writer has it: an `Event` message
/// (`tensorflow/core/util/event.proto`) whose values are tensors for TensorBoard's plugins.
package struct TensorBoardEvent: Sendable {
  /// What is told.
  package enum Content: Sendable {
    /// The first event of every file.
    case fileVersion
    /// Training begins, or is resumed, with the event's step: what an earlier file of the same run tells of this
    /// step or later ones is void.
    case start
    /// A number or more under a name.
    case summary(tag: String, TensorBoardSummary)
  }

  /// Seconds since 1970.
  package var wallTime: Double
  /// The epoch, from 0.
  package var step: Int
  package var content: Content

  package init(wallTime: Double, step: Int = 0, _ content: Content) {
    self.wallTime = wallTime
    self.step = step
    self.content = content
  }

  /// The event as an event file holds it.
  package var record: [UInt8] { tensorFlowRecord(message) }

  /// The `Event` message.
  package var message: [UInt8] {
    ProtocolBuffer { event in
      event.add(1, wallTime)
      if step != 0 { event.add(2, step) }
      switch content {
      case .fileVersion:
        event.add(3, "brain.Event:2")
        event.add(10) { $0.add(1, "tensorflow.core.util.events_writer") }
      case .start: event.add(7) { $0.add(1, Self.sessionStart) }
      case .summary(let tag, let summary):
        event.add(5) { $0.add(1) { summary.add(to: &$0, tag: tag) } }
      }
    }.bytes
  }

  /// `SessionLog.START`
  private static let sessionStart = 1

  /// The name of an event file; TensorBoard looks for `tfevents`.
  package static func fileName(seconds: Int, host: String, process: Int32, number: Int) -> String {
    "events.out.tfevents.\(seconds).\(host).\(process).\(number).v2"
  }
}
