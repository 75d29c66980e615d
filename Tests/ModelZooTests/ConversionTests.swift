import Foundation
import ModelZoo
import Synchronization
import TestSupport
import Testing

/// Conversion as an app calls it: one call, one set of options, one report.
@Suite struct ConversionTests {
  private let catalog: NetworkCatalog

  init() throws { catalog = try NetworkCatalog() }

  @Test func tellsAllOfWhatWasDone() throws {
    try withTemporaryFolder { folder in
      let (weights, archive) = (folder.appending(path: "w.h5").path, folder.appending(path: "a").path)
      let size = try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: weights)
      var steps: [Int] = []
      let report = try catalog.convert(
        weights, to: archive, options: ConversionOptions(scalarType: .float16)
      ) { done, total in
        #expect(total == 722_496)
        steps.append(done)
      }
      #expect(steps.count == 50 && steps == steps.sorted() && steps.last == 722_496)
      let recognition = report.recognition
      #expect(recognition.network == "squeezenet" && recognition.graph == "plain" && recognition.fits)
      #expect(recognition.tensorCount == 50 && recognition.valueCount == 722_496)
      #expect(recognition.kernels == .tensorflow && recognition.axisOrder == .hwio)
      #expect(recognition.reasons.contains(.kernels(.tensorflow, axes: .hwio, backend: "tensorflow")))
      #expect(report.source.byteCount == size && report.droppedLayers == [])
      #expect(report.scalarType == .float16 && report.archive == archive)
      guard case .different(_, let expected) = report.publication else {
        Issue.record("\(report.publication)")
        return
      }
      #expect(expected == "17c944bfcc0e04c6661806fb3a994a4a")
      #expect(try Archive(contentsOf: archive).payloadByteCount == report.payloadByteCount)
    }
  }

  @Test func whatWasAskedForIsAReason() throws {
    try withTemporaryFolder { folder in
      let weights = folder.appending(path: "w.h5").path
      try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: weights)
      let options = ConversionOptions(network: "squeezenet", graph: "drop9", kernels: .theano)
      let reasons = try catalog.conversion(of: weights, options: options).recognition.reasons
      #expect(reasons.suffix(2) == [.kernelsAsAsked(.theano, axes: .hwio), .graphAsAsked("drop9")])
      #expect(
        reasons.suffix(2).map(\.description) == [
          "kernels are (height, width, in, out); kernel order theano, as requested",
          "graph drop9, as requested",
        ])
    }
  }

  /// A task that is cancelled leaves no archive, and no half of one.
  @Test(arguments: [false, true])
  func stopsWhenItsTaskIsCancelled(isAsynchronous: Bool) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cancelled-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (weights, archive) = (folder.appending(path: "w.h5").path, folder.appending(path: "a").path)
    try catalog.syntheticWeights(of: "squeezenet", seed: 1).write(to: weights)
    let begun = AsyncStream<Void>.makeStream()
    let isCancelled = DispatchSemaphore(value: 0)
    let steps = Counter()
    let task = Task { [catalog] in
      if isAsynchronous {
        // Waits for the cancellation at the first tensor, which is seen at the second.
        try await catalog.convert(weights, to: archive) { _, _ in
          begun.continuation.yield()
          steps.advance()
          isCancelled.wait()
        }
      } else {
        try catalog.conversion(of: weights).write(to: archive) { _ in
          begun.continuation.yield()
          steps.advance()
          while !Task.isCancelled { Thread.sleep(forTimeInterval: 0.001) }
        }
      }
    }
    for await _ in begun.stream { break }
    task.cancel()
    for _ in 0..<50 { isCancelled.signal() }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(steps.count < 50)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["w.h5"])
  }
}

/// Counts on any thread.
private final class Counter: Sendable {
  private let state = Mutex(0)

  var count: Int { state.withLock(\.self) }

  func advance() { state.withLock { $0 += 1 } }
}
