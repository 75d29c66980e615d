package import Kernels
package import Tensors

/// A machine that runs networks: it begins where the passes that hold on every machine end.
///
/// ``CPUBackend`` is the one there is. Another chooses its own algorithms, packs weights its own way and has memory of its
/// own; the graph, its lowering and its passes stay as they are.
package protocol Backend: Sendable {
  /// Gets ready to run a computation.
  ///
  /// - Parameter pool: threads to do it on.
  /// - Throws: ``ExecutionError/notEnoughMemory(neededBytes:availableBytes:)``, and what verifying parameters throws.
  func compile(_ computation: Computation, on pool: ThreadPool) throws -> any Executable
}

/// What is handed to a machine.
package struct Computation: Sendable {
  /// What is computed from what: one input, `[H, W, C]`, and the outputs that are to be read.
  package var graph: DataflowGraph
  /// Where the numbers are that work speaks of by the names of layers.
  package var parameters: ParameterSource
  package var arithmetic: Arithmetic
  /// How many images will be run in all; nil where nobody knows.
  package var images: Int?
}

/// The numbers a plan computes with, and how.
package enum Arithmetic: Hashable, Sendable {
  /// Single precision. `exact` does without Winograd's and Strassen's algorithms: slower, with about one decimal digit
  /// less rounding error.
  case f32(exact: Bool)

  /// Whether every product of a layer's definition is computed.
  var isExact: Bool {
    switch self {
    case .f32(let exact): exact
    }
  }
}

/// What a machine has made of a computation; any number of sessions may run it at a time.
package protocol Executable: Sendable {
  /// What it does, in order.
  var steps: [PlannedStep] { get }

  /// The same with another computation behind one of its outputs, which is the other's input; it shares the weights of this
  /// one. The other's outputs take that output's place.
  func appending(
    _ computation: Computation, toOutput index: Int, on pool: ThreadPool
  ) throws -> any Executable

  /// Takes the memory to run it in.
  ///
  /// - Parameters:
  ///   - pool: the threads that run it.
  ///   - images: how many images are worked on at a time; nil for what suits the machine.
  /// - Throws: ``ExecutionError/notEnoughMemory(neededBytes:availableBytes:)``.
  func runner(on pool: ThreadPool, images: Int?) throws -> any Runner
}

/// Runs an executable in memory of its own; one thread at a time may use it.
package protocol Runner: Sendable {
  /// Computes all outputs of whole images, each image after image.
  ///
  /// - Parameters:
  ///   - input: `[N, H, W, C]` elements.
  ///   - around: called with the number of each step and what does it, as often as it is done.
  func run(
    _ input: Span<Float>, around: (_ step: Int, _ work: () throws -> Void) throws -> Void
  ) throws -> [[Float]]
}

/// One step of an executable, and what a profile says about it.
package struct PlannedStep: Sendable {
  /// The layers it computes, in the order they act: `conv1_conv`, `conv1_bn`, `conv1_relu`. Empty for a step
  /// that no layer asks for, such as a padded copy.
  package var layers: [String]
  /// The way it is computed: `convolution`, `winograd`, `strassen`, `pointwise` (with what comes right before it), `separable`,
  /// `depthwise`, `pooling`, `elementwise`, `activation`, `copy`, `definition`.
  package var algorithm: String
  /// The extents of its output.
  package var output: ImageSize
  /// Floating-point operations per image as the layer defines them, whatever the algorithm saves; a
  /// multiply-add counts two.
  package var operations: Int
  /// Those operations that are computed: fewer where the algorithm saves products. Transforms to that end do not
  /// count, and all operations do as long as weights are not packed.
  package var arithmetic: Int

  package init(layers: [String], algorithm: String, output: ImageSize, operations: Int) {
    self.layers = layers
    self.algorithm = algorithm
    self.output = output
    self.operations = operations
    arithmetic = operations
  }
}
