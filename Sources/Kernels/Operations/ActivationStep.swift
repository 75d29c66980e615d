import CKernels

/// An activation function of heads, over dense pixels.
package struct ActivationStep: KernelStep {
  package enum Function: Sendable {
    case sigmoid, tanh
    /// Over the channels of each pixel.
    case softmax
  }

  private let function: Function
  private let size: ImageSize
  private let input: Place
  private let output: Place

  /// - Precondition: both places are dense.
  package init(_ function: Function, size: ImageSize, from input: Place, to output: Place) {
    precondition(input.stride == size.channels && output.stride == size.channels)
    self.function = function
    self.size = size
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let source = unsafe workspace.pointer(input, size, images: images)
    let target = unsafe workspace.pointer(output, size, images: images)
    let count = images * size.elements
    switch function {
    case .sigmoid: unsafe kernels_sigmoid(source, target, count)
    case .tanh: unsafe kernels_tanh(source, target, count)
    case .softmax: unsafe kernels_softmax(source, target, images * size.pixels, size.channels)
    }
  }
}
