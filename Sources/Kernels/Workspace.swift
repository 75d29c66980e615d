/// What a session lends to operations: memory for a slice of a batch, scratch for each thread, the threads.
package struct Workspace: Sendable {
  /// How many images fit at a time.
  package let capacity: Int
  package let pool: ThreadPool
  package let memory: FloatBuffer
  private let scratch: FloatBuffer
  private let scratchPerThread: Int

  /// Takes the memory for `capacity` images of `floatsPerImage`, and `scratchPerThread` floats a thread.
  package init(capacity: Int, floatsPerImage: Int, scratchPerThread: Int, pool: ThreadPool) {
    self.capacity = capacity
    self.pool = pool
    self.scratchPerThread = scratchPerThread
    memory = FloatBuffer(count: capacity * floatsPerImage)
    scratch = FloatBuffer(count: pool.threadCount * scratchPerThread)
  }

  /// The address of an activation, after a check that `images` images of it lie inside the memory.
  @unsafe func pointer(_ place: Place, _ image: ImageSize, images: Int) -> UnsafeMutablePointer<Float> {
    precondition(images <= capacity, "Workspace: \(images) images; there is room for \(capacity)")
    let start = place.start(capacity: capacity)
    let last = images * image.height * image.width - 1
    let end = last < 0 ? start : start + last * place.stride + image.channels
    return unsafe memory.pointer(start..<end)
  }

  @unsafe func scratch(thread: Int) -> UnsafeMutablePointer<Float> {
    unsafe scratch.pointer(thread * scratchPerThread..<(thread + 1) * scratchPerThread)
  }
}

/// Where an activation lies in a workspace, as long as nobody knows yet how many images it will hold.
package struct Place: Hashable, Sendable {
  /// The first float of the memory it lies in, per image of the workspace's capacity.
  package var offset: Int
  /// The first of its channels there.
  package var channel: Int
  /// Floats from one pixel to the next: more than it has channels when it is a slice of a wider activation.
  package var stride: Int

  package init(offset: Int, channel: Int = 0, stride: Int) {
    self.offset = offset
    self.channel = channel
    self.stride = stride
  }

  func start(capacity: Int) -> Int { offset * capacity + channel }
}

/// The extents of one image's activation, `[H, W, C]`.
package struct ImageSize: Hashable, Sendable {
  package var height: Int
  package var width: Int
  package var channels: Int

  package init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  package var pixels: Int { height * width }
  package var elements: Int { height * width * channels }
}

/// One piece of work on the activations of a workspace; knows where its inputs and its output lie.
package protocol KernelStep: Sendable {
  /// Computes the output of the first `images` images.
  func run(images: Int, in workspace: Workspace)

  /// The share of the layer's multiply-adds, counted as its definition has them, that is computed.
  var computedShare: Double { get }
}

extension KernelStep {
  /// All of them.
  package var computedShare: Double { 1 }
}

extension Workspace {
  /// Writes dense elements to a place.
  package func write(_ elements: Span<Float>, at place: Place) {
    memory.write(elements, at: place.start(capacity: capacity))
  }

  /// The elements at a place, dense.
  package func read(_ place: Place, _ size: ImageSize, images: Int) -> [Float] {
    let start = place.start(capacity: capacity)
    let pixels = images * size.pixels
    if place.stride == size.channels { return memory.read(start..<start + pixels * size.channels) }
    return (0..<pixels).flatMap { pixel in
      memory.read(start + pixel * place.stride..<start + pixel * place.stride + size.channels)
    }
  }
}
