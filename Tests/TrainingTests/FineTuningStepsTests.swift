import Catalog
import Foundation
import TestSupport
import Tensors
import Testing
import Training

/// What `Tests/Fixtures/fine-tuning/make.py` wrote.
struct KerasFineTuning: Decodable {
  /// Where the training of a whole network ended.
  struct Run: Decodable, CustomTestStringConvertible {
    var family: String
    var optimizer: String
    /// Layers that did not learn.
    var frozen: [String]
    var loss: [Double]
    /// Some elements of every tensor.
    var tensors: [String: [Float]]
    var head: [[Float]]

    var testDescription: String {
      "\(family), \(optimizer), normalisations \(frozen.isEmpty ? "trained" : "frozen")"
    }
  }

  /// Keras's JSON of each family's network.
  var architectures: [String: String]
  var runs: [Run]

  static let expected = read("expected")
  /// Of a network whose parameters cost something, one layer of which does not learn.
  static let penalties = read("penalties")

  private static func read(_ name: String) -> KerasFineTuning? {
    let data = FileManager.default.contents(atPath: Repository.fixture("fine-tuning/\(name).json"))
    return data.flatMap { try? JSONDecoder().decode(KerasFineTuning.self, from: $0) }
  }
}

/// Networks of every family, trained as a whole from the same weights over the same batches, end where Keras ends.
@Suite struct FineTuningStepsTests {
  private static let synthetic = SyntheticWeights(seed: 29)
  private static let (size, samples, classes) = (16, 8, 3)

  @Test func everyFamilyIsThere() throws {
    let expected = try #require(KerasFineTuning.expected)
    #expect(expected.architectures.count == 7)
    #expect(expected.runs.count == 24)
    #expect(KerasFineTuning.penalties?.runs.count == 4)
  }

  @Test(arguments: (KerasFineTuning.expected?.runs ?? []) + (KerasFineTuning.penalties?.runs ?? []))
  func endsWhereKerasEnds(_ run: KerasFineTuning.Run) throws {
    var trainer = try Self.trainer(run)
    var images = Self.synthetic.images(count: Self.samples, height: Self.size, width: Self.size)
    // Zeros around the images are the frozen part of one network.
    if trainer.model.inputShape[0] == Self.size + 2 { images = Self.padded(images) }
    let labels = Labels.classes((0..<Self.samples).map { $0 % Self.classes })
    let history = try trainer.fit(images, labels, epochs: run.loss.count, batchSize: 4, shuffle: false)
    let losses = Closeness(history["loss"].map(Float.init), run.loss.map(Float.init))
    #expect(losses.isWithin(relative: 1e-4, absolute: 1e-4), "\(losses)")
    let parameters = trainer.model.parameters
    // A bias ahead of a normalisation that goes by the batch has no gradient but rounding, of which Adam makes whole steps.
    let isRounding = run.family == "resnet" && run.optimizer == "adam" && run.frozen.isEmpty
    for (name, wanted) in run.tensors where !(isRounding && name.hasSuffix("/bias")) {
      let found = try #require(parameters.first { $0.name == "backbone/" + name }, "\(name)")
      let closeness = Closeness(Self.sampled(found.tensor, wanted.count), wanted)
      // Adam divides by the size of gradients: the rounding of small ones counts.
      let absolute = run.optimizer == "adam" ? 2e-4 : 1e-4
      #expect(closeness.isWithin(relative: 1e-4, absolute: absolute), "\(name): \(closeness)")
    }
    for (found, wanted) in zip(parameters.suffix(2), run.head) {
      let closeness = Closeness(Self.sampled(found.tensor, wanted.count), wanted)
      #expect(closeness.isWithin(relative: 1e-4, absolute: 1e-4), "\(found.name): \(closeness)")
    }
  }

  /// What does not stay in memory and is computed again changes no bit.
  @Test(arguments: KerasFineTuning.expected?.runs.filter { $0.optimizer == "adam" } ?? [])
  func valuesComputedAgainAreTheSame(_ run: KerasFineTuning.Run) throws {
    let results = try Recomputation.allCases.map { try Self.parameters(run, recomputing: $0) }
    let areEqual = results.allSatisfy { $0 == results[0] }
    #expect(areEqual)
  }

  private static func parameters(
    _ run: KerasFineTuning.Run, recomputing recomputation: Recomputation
  ) throws -> [String: [Float]] {
    var trainer = try trainer(run)
    trainer.recomputation = recomputation
    var images = synthetic.images(count: samples, height: size, width: size)
    if trainer.model.inputShape[0] == size + 2 { images = padded(images) }
    let labels = Labels.classes((0..<samples).map { $0 % classes })
    try trainer.fit(images, labels, epochs: 2, batchSize: 4)
    return Dictionary(
      uniqueKeysWithValues: trainer.model.parameters.map { ($0.name, $0.tensor.scalars) })
  }

  /// A whole network takes less and less; what is too much for the least is refused, with how many images fit.
  @Test func aLimitOfMemoryIsKept() throws {
    let graph = try EntryCatalog.embedded.entry("resnet50").graph()
    let names = Set(graph.layers.dropFirst().map(\.name))
    let pooled = Layer(
      name: "top_pool", operation: Catalog.GlobalAveragePooling2D(),
      inputs: [try #require(graph.layers.last).name])
    var whole = graph
    whole.layers.append(pooled)
    let tail = try BackboneTail(of: whole, height: 32, width: 32, training: names, momentum: 0.9)
    let shapes = Dictionary(
      try whole.parameters(height: 32, width: 32).map { ($0.name, $0.shape) }, uniquingKeysWith: { $1 })
    let model = try HeadModel(Head { Training.Dense(2, activation: .softmax) }, behind: tail, seed: 0) {
      name in
      shapes[name].map { Tensor(shape: $0, scalars: [Float](repeating: 0.01, count: $0.elementCount)) }
    }
    let needs = try Recomputation.allCases.map { try #require(model.batchBytes(rows: 4, $0)) }
    #expect(needs[0] > needs[1] && needs[1] > needs[2], "\(needs)")
    var trainer = try Trainer(model)
    trainer.batchMemory = needs[2] - 1
    let images = Self.synthetic.images(count: 4, height: 32, width: 32)
    let error = #expect(throws: TrainingError.self) {
      try trainer.fit(images, .classes([0, 1, 0, 1]), epochs: 1, batchSize: 4)
    }
    #expect(
      error == .batchTooLarge(images: 4, fitting: 3, neededBytes: needs[2], availableBytes: needs[2] - 1))
  }

  private static func trainer(_ run: KerasFineTuning.Run) throws -> Trainer {
    let architectures = [KerasFineTuning.expected, KerasFineTuning.penalties].compactMap { $0?.architectures }
    let architecture = architectures.compactMap { $0[run.family] }.first
    var graph = try DraftedNetwork(json: try #require(architecture)).graph
    let last = try #require(graph.layers.last)
    graph.layers.append(
      Layer(name: "top_pool", operation: Catalog.GlobalAveragePooling2D(), inputs: [last.name]))
    let parameters = Dictionary(
      try graph.parameters(height: size, width: size).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    let trained = Set(parameters.values.map(\.layer)).subtracting(run.frozen)
    let tail = try BackboneTail(of: graph, height: size, width: size, training: trained, momentum: 0.9)
    let head = Head { Training.Dense(classes, activation: .softmax, kernelInitializer: .zeros) }
    let model = try HeadModel(head, behind: tail, seed: 0) { name in
      parameters[name].map { parameter in
        Tensor(
          shape: parameter.shape,
          scalars: synthetic.values(layer: parameter.layer, role: parameter.role, shape: parameter.shape))
      }
    }
    let optimizer: Optimizer =
      run.optimizer == "sgd" ? .sgd(learningRate: 0.05, momentum: 0.9) : .adam(learningRate: 0.003)
    return try Trainer(model, optimizer: optimizer)
  }

  /// Images with one row and one column of zeros on every side.
  private static func padded(_ images: Tensor) -> Tensor {
    let wide = size + 2
    var result = Tensor(repeating: 0, shape: [samples, wide, wide, 3])
    for (index, scalar) in images.scalars.enumerated() {
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: 3)
      let (row, x) = pixel.quotientAndRemainder(dividingBy: size)
      let (sample, y) = row.quotientAndRemainder(dividingBy: size)
      result.scalars[((sample * wide + y + 1) * wide + x + 1) * 3 + channel] = scalar
    }
    return result
  }

  /// Elements at even distances, as NumPy's `linspace` has them, truncated.
  private static func sampled(_ tensor: Tensor, _ count: Int) -> [Float] {
    let last = Double(tensor.scalars.count - 1)
    let step = count > 1 ? last / Double(count - 1) : 0
    return (0..<count).map { index in
      tensor.scalars[index == count - 1 && count > 1 ? Int(last) : Int(Double(index) * step)]
    }
  }
}
