import Kernels
import TestSupport
import Testing
import Tensors

/// A convolution that is trained, on every instruction set here: forward, and both gradients, against plain sums in double precision.
@Suite struct TrainedConvolutionTests {
  /// Windows of every form, of pixels and of neither; tiles that do and do not fill, channels and filters that do and do not
  /// fill vectors, and more tiles than are multiplied at a time.
  static let layouts = [
    Layout(window: .same(.size(7, 7, 50), 3, 3), filters: 35),
    Layout(window: .valid(.size(9, 6, 16), 3, 3), filters: 64),
    Layout(window: .same(.size(28, 27, 17), 3, 3), filters: 20),
    Layout(window: .same(.size(6, 5, 16), 5, 5), filters: 18),
    Layout(window: .same(.size(9, 10, 49), 1, 7), filters: 33),
    Layout(window: .same(.size(11, 4, 20), 7, 1), filters: 16),
    Layout(window: .same(.size(8, 9, 16), 1, 3), filters: 31),
    Layout(window: .same(.size(5, 9, 40), 3, 1), filters: 97),
    Layout(window: .same(.size(19, 15, 70), 1, 1), filters: 45),
    Layout(window: .same(.size(3, 2, 5), 1, 1), filters: 3),
    Layout(window: .same(.size(6, 6, 3), 3, 3), filters: 8),
  ]

  @Test(arguments: KernelVariant.supported, layouts)
  func agreesWithPlainSums(variant: KernelVariant, layout: Layout) {
    let (window, filters, images) = (layout.window, layout.filters, 3)
    let convolution = TrainedConvolution(window: window, filters: filters, variant: variant)
    let (channels, pixels) = (window.input.channels, window.outputHeight * window.outputWidth)
    let input = noise(images * window.input.elements, seed: 1)
    let kernel = noise(window.area * channels * filters, seed: 2)
    let slopes = noise(images * pixels * filters, seed: 3)
    let bias = noise(filters, seed: 4)
    let crew = TrainingCrew(images: images, pool: ThreadPool(threads: 2), memory: TrainingMemory())

    var output = [Float](repeating: .nan, count: images * pixels * filters)
    var target = output.mutableSpan
    convolution.forward(input.span, kernel: kernel.span, bias: bias, into: &target, crew)
    let sums = Reference.convolution(input, images: images, window, kernel: kernel, filters: filters)
    expect(output, sums.indices.map { sums[$0] + bias[$0 % filters] }, "output", layout)

    let plain = plainGradients(window, filters, images: images, input, kernel, slopes)
    var back = [Float](repeating: .nan, count: input.count)
    target = back.mutableSpan
    convolution.inputGradient(slopes.span, kernel: kernel.span, into: &target, crew)
    expect(back, plain.input, "gradient by the input", layout)

    // Twice: memory that was used before changes nothing.
    for _ in 0..<2 {
      var found: [Float] = []
      convolution.kernelGradient(input.span, slopes.span, crew) { gradient in
        found = gradient.indices.map { gradient[$0] }
      }
      expect(found, plain.kernel, "gradient by the kernel", layout)
    }
  }

  /// The same bits for any number of threads.
  @Test(arguments: layouts) func threadsChangeNothing(layout: Layout) {
    let (window, filters, images) = (layout.window, layout.filters, 5)
    let convolution = TrainedConvolution(window: window, filters: filters)
    let input = noise(images * window.input.elements, seed: 1)
    let slopes = noise(images * window.outputHeight * window.outputWidth * filters, seed: 3)
    let results = [1, 2, 3].map { threads in
      let crew = TrainingCrew(images: images, pool: ThreadPool(threads: threads), memory: TrainingMemory())
      var found: [Float] = []
      convolution.kernelGradient(input.span, slopes.span, crew) { gradient in
        found = gradient.indices.map { gradient[$0] }
      }
      return found
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  private func expect(_ found: [Float], _ expected: [Float], _ what: String, _ layout: Layout) {
    let closeness = Closeness(found, expected)
    #expect(closeness.isWithin(relative: 2e-5, absolute: 1e-4), "\(what) of \(layout): \(closeness)")
  }

  private func plainGradients(
    _ window: Window, _ filters: Int, images: Int, _ input: [Float], _ kernel: [Float], _ slopes: [Float]
  ) -> (input: [Float], kernel: [Float]) {
    let channels = window.input.channels
    var byInput = [Double](repeating: 0, count: input.count)
    var byKernel = [Double](repeating: 0, count: kernel.count)
    for image in 0..<images {
      for pixel in 0..<window.outputHeight * window.outputWidth {
        let first = (image * window.outputHeight * window.outputWidth + pixel) * filters
        let taps = Reference.taps(window, x: pixel % window.outputWidth, y: pixel / window.outputWidth)
        for case (let tap, let place?) in taps {
          for channel in 0..<channels {
            let element = (image * window.input.pixels + place) * channels + channel
            for filter in 0..<filters {
              let weight = (tap * channels + channel) * filters + filter
              byInput[element] += Double(slopes[first + filter]) * Double(kernel[weight])
              byKernel[weight] += Double(slopes[first + filter]) * Double(input[element])
            }
          }
        }
      }
    }
    return (byInput.map { Float($0) }, byKernel.map { Float($0) })
  }
}
