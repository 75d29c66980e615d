import Catalog
import Execution
import Foundation
import Kernels
import TensorArchive
import Tensors

extension BenchmarkResults {
  /// Pixels, input channels and filters of pointwise convolutions, from the first layers of networks to the
  /// last.
  private static let products = [
    (12544, 64, 64), (3136, 64, 256), (3136, 256, 64), (1225, 192, 64), (784, 512, 128), (361, 728, 728),
    (289, 768, 192), (196, 1024, 256), (196, 256, 1024), (49, 2048, 512), (49, 512, 2048),
  ]

  mutating func measureProducts() throws {
    for (rows, depth, columns) in Self.products {
      let size = ImageSize(height: 1, width: rows, channels: depth)
      let weights = [Float](repeating: 0.5, count: depth * columns)
      let step = ConvolutionStep(
        window: Window(pointwise: size),
        weights: PackedWeights(weights.span, depth: depth, columns: columns, packing: Packing(pool: pool)),
        epilogue: Epilogue(bias: nil, activation: .relu), from: Place(offset: 0, stride: depth),
        to: Place(offset: 4 * rows * depth, stride: columns))
      let workspace = try Workspace(
        capacity: 1, bytesPerImage: 4 * rows * (depth + columns), scratchPerThread: 0, pool: pool)
      let time = Samples(seconds: seconds / 4) { step.run(images: 1, in: workspace) }
      let operations = 2 * rows * depth * columns
      append(
        Line(
          kind: .kernels, subject: "\(rows) x \(depth) x \(columns)", time: time, operations: operations,
          arithmetic: operations))
    }
  }

  /// Every step of a network, one image at a time.
  mutating func measureLayers(_ subject: BenchmarkSubject, _ plan: Plan) throws {
    let times = try Session(plan, pool: pool).profile(subject.images(1), seconds: seconds)
    for (index, time) in times.enumerated() {
      let (step, size) = (time.step, time.step.output)
      let name = step.layers.last ?? "step \(index)"
      append(
        Line(
          kind: .layers,
          subject:
            "\(subject.identifier) \(name) \(size.height)x\(size.width)x\(size.channels) \(step.algorithm)",
          time: time.time, operations: step.operations, arithmetic: step.arithmetic))
    }
  }

  mutating func measureNetwork(_ subject: BenchmarkSubject, _ plan: Plan, batches: [Int]) throws {
    let session = try Session(plan, pool: pool)
    for batch in batches {
      let images = subject.images(batch)
      let time = try Samples(seconds: seconds) { _ = try session.run(images) }
      append(
        Line(
          kind: .networks, subject: "\(subject.title), batch \(batch)", time: time,
          operations: plan.operations * batch, arithmetic: plan.arithmetic * batch, images: batch))
    }
  }

  /// From the file's name to a network that can run; the file is in the page cache.
  mutating func measureLoad(_ subject: BenchmarkSubject, _ path: String) throws {
    let graph = try subject.network.graph()
    let time = try Samples(seconds: seconds) {
      let archive = try Archive(contentsOf: path)
      _ = try Plan(
        graph: graph, archive: archive, height: subject.height, width: subject.width, pool: pool)
    }
    append(Line(kind: .load, subject: subject.title, time: time))
  }

  /// `zoo features` of one image, as a process of its own.
  mutating func measureStartUp(_ subject: BenchmarkSubject, _ archive: String) throws {
    let tool = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "zoo")
    guard FileManager.default.isExecutableFile(atPath: tool.path) else {
      BenchmarkTool.complain("start-up of \(subject.title): not measured, for \(tool.path) is not there")
      return
    }
    let image = try subject.writeImage(beside: archive)
    let words = [
      "features", archive, image, "-o", image + ".npy", "--threads", "\(pool.threadCount)", "--no-cache",
      "--quiet",
    ]
    let time = try Samples(seconds: seconds) {
      let process = Process()
      process.executableURL = tool
      process.arguments = words
      process.standardOutput = FileHandle.nullDevice
      // `waitUntilExit` looks only now and then.
      let end = DispatchSemaphore(value: 0)
      process.terminationHandler = { _ in end.signal() }
      try process.run()
      end.wait()
      guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
    append(Line(kind: .startUp, subject: subject.title, time: time))
  }
}
