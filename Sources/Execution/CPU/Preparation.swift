import Catalog
import Kernels
import Tensors

/// What this machine's processors want to read differently: rewrites that pay on a CPU alone.
extension DataflowGraph {
  /// Writes zeros around images of few channels, or makes one pixel of 2 x 2 of theirs, so that a row of a convolution's
  /// window lies in one piece; then lets work become part of the convolutions that read it.
  mutating func prepareForCPU(_ arithmetic: Arithmetic) {
    for node in order {
      guard case .convolution(let convolution) = nodes[node].work, convolution.groups == 1 else { continue }
      if !arithmetic.isExact, AlgorithmChoice.formOverBlocks(convolution.window) != nil {
        let window = convolution.window
        read(.spaceToDepth(window), size: window.overBlocks.input, before: node)
      } else if AlgorithmChoice.materializesPadding(of: convolution.window) {
        writePadding(of: convolution, before: node)
      }
    }
    averageLines()
    fuseIntoPointwiseConvolutions()
  }

  private mutating func writePadding(of convolution: Convolution, before node: Int) {
    let window = convolution.window
    var padded = convolution
    padded.window.top = 0
    padded.window.left = 0
    padded.window.input.height = max(window.input.height + window.top, window.reachedHeight)
    padded.window.input.width = max(window.input.width + window.left, window.reachedWidth)
    let insets = EdgeInsets(
      top: window.top, bottom: padded.window.input.height - window.input.height - window.top,
      left: window.left, right: padded.window.input.width - window.input.width - window.left)
    read(.pad(insets), size: padded.window.input, before: node)
    self[node].work = .convolution(padded)
  }

  /// Lets a node read its input by way of another piece of work.
  private mutating func read(_ work: Work, size: ImageSize, before node: Int) {
    let source = nodes[node].inputs[0]
    self[node].inputs[0] = insert(
      Node(layers: [], work: work, inputs: [source], size: size), before: node)
  }
}
