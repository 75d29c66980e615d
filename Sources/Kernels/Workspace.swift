package import Machine
package import Tensors

/// What a session lends to operations: memory for a slice of a batch, scratch for each thread, the threads.
package struct Workspace: Sendable {
  /// How many images fit at a time.
  package let capacity: Int
  package let pool: ThreadPool
  package let memory: ByteBuffer
  private let scratch: ByteBuffer
  private let scratchPerThread: Int

  /// Takes the memory for `capacity` images of `bytesPerImage`, and `scratchPerThread` bytes a thread.
  ///
  /// - Throws: where the system does not give so much.
  package init(
    capacity: Int, bytesPerImage: Int, scratchPerThread: Int, pool: ThreadPool
  ) throws(MemoryShortage) {
    guard let bytes = MemoryLimit.product(capacity, bytesPerImage),
      let scratchBytes = MemoryLimit.product(pool.threadCount, scratchPerThread)
    else { throw MemoryShortage(neededBytes: .max) }
    self.capacity = capacity
    self.pool = pool
    self.scratchPerThread = scratchPerThread
    memory = try ByteBuffer(byteCount: bytes)
    scratch = try ByteBuffer(byteCount: scratchBytes)
  }

  /// The address of an activation of floats, after a check that `images` images of it lie inside the memory.
  @unsafe func pointer(_ place: Place, _ image: ImageSize, images: Int) -> UnsafeMutablePointer<Float> {
    precondition(images <= capacity, "Workspace: \(images) images; there is room for \(capacity)")
    let start = place.start(capacity: capacity)
    let last = images * image.height * image.width - 1
    let count = last < 0 ? 0 : last * place.stride + image.channels
    return unsafe memory.floats(at: start, count: count, of: place.scalarType)
  }

  @unsafe func scratch(thread: Int) -> UnsafeMutablePointer<Float> {
    unsafe scratch.floats(at: thread * scratchPerThread, count: scratchPerThread / 4)
  }
}

/// Where an activation lies in a workspace, as long as nobody knows yet how many images it will hold.
package struct Place: Hashable, Sendable {
  /// The first byte of the memory it lies in, per image of the workspace's capacity.
  package var offset: Int
  /// The first of its channels there.
  package var channel: Int
  /// Elements from one pixel to the next: more than it has channels when it is a slice of a wider activation.
  package var stride: Int
  /// What its elements are.
  package var scalarType: ScalarType

  package init(offset: Int, channel: Int = 0, stride: Int, scalarType: ScalarType = .float32) {
    self.offset = offset
    self.channel = channel
    self.stride = stride
    self.scalarType = scalarType
  }

  /// The first byte in a workspace for `capacity` images.
  func start(capacity: Int) -> Int { offset * capacity + channel * scalarType.byteCount }
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
    if place.stride == size.channels { return memory.read(at: start, count: pixels * size.channels) }
    let step = place.stride * place.scalarType.byteCount
    return (0..<pixels).flatMap { memory.read(at: start + $0 * step, count: size.channels) }
  }
}
