package import Kernels
public import Tensors

/// One of a head's trained tensors.
public struct HeadParameter: Hashable, Sendable {
  /// `head/dense/kernel`: the section of the archive, Keras's layer name, Keras's role.
  public var name: String
  /// The kernel `[inputs, units]`, the bias `[units]`, or a batch normalisation's vector `[channels]`.
  public var tensor: Tensor
}

/// A head built for features of one shape: its layers and their parameters.
public struct HeadModel: Sendable {
  /// What was declared.
  public let head: Head
  /// The shape of one sample's features: `[C]` or `[H, W, C]`.
  public let inputShape: TensorShape
  let program: HeadProgram
  /// The part of a backbone that is trained with the head, before it; nil for a head alone.
  package let tail: BackboneTail?
  /// The threads that multiply; how many there are changes no bit.
  package var pool = ThreadPool.shared
  /// The loss that the head was trained with, which decides the meaning of its outputs; nil for the one that suits its
  /// last layer.
  public internal(set) var loss: Loss?
  /// The parameters' elements, in the order of `program.parameters`.
  var values: [[Float]]

  /// Builds `head` for features of `inputShape`; its layers say how their weights begin, by default as in
  /// Keras: kernels `glorot_uniform`, biases zero.
  ///
  /// - Throws: ``TrainingError`` when the layers do not fit the features or each other.
  public init(_ head: Head, inputShape: TensorShape, seed: UInt64 = 0) throws(TrainingError) {
    let program = try HeadProgram(head, inputShape: inputShape)
    try head.checkLearns()
    try program.checkMemory()
    self.init(head, inputShape, program, values: program.parameters.map { Self.initialValues($0, seed) })
  }

  /// Builds `head` with parameters that exist already.
  ///
  /// - Parameters:
  ///   - head: the layers.
  ///   - inputShape: of one sample's features, `[C]` or `[H, W, C]`.
  ///   - parameter: the tensor of a name such as `head/dense/kernel`, or nil.
  /// - Throws: ``TrainingError`` when a tensor is missing or has another shape.
  public init(
    _ head: Head, inputShape: TensorShape, parameter: (String) throws -> Tensor?
  ) throws {
    let program = try HeadProgram(head, inputShape: inputShape)
    var values: [[Float]] = []
    for declared in program.parameters {
      let tensor = try parameter(declared.tensorName)
      try declared.check(tensor?.shape)
      values.append(tensor?.scalars ?? [])
    }
    self.init(head, inputShape, program, values: values)
  }

  /// Builds `head` behind a part of a backbone; its own parameters begin as those of a head alone.
  ///
  /// - Parameters:
  ///   - head: the layers.
  ///   - tail: what is before them.
  ///   - seed: the seed of the head's initial parameters.
  ///   - parameter: the tensor of a parameter of the tail, such as `conv5_block3_3_conv/kernel`, or nil.
  /// - Throws: ``TrainingError`` when the layers do not fit each other or cannot be trained, and what `parameter` throws.
  package init(
    _ head: Head, behind tail: BackboneTail, seed: UInt64, parameter: (String) throws -> Tensor?
  ) throws {
    let program = try HeadProgram(head, behind: tail)
    try head.checkLearns()
    try program.checkMemory()
    var values: [[Float]] = []
    for declared in program.parameters {
      guard declared.tensorName.hasPrefix(BackboneTail.prefix) else {
        values.append(Self.initialValues(declared, seed))
        continue
      }
      let tensor = try parameter(String(declared.tensorName.dropFirst(BackboneTail.prefix.count)))
      try declared.check(tensor?.shape)
      values.append(tensor?.scalars ?? [])
    }
    self.init(head, tail.inputShape, program, values: values, tail: tail)
  }

  private init(
    _ head: Head, _ inputShape: TensorShape, _ program: HeadProgram, values: [[Float]],
    tail: BackboneTail? = nil
  ) {
    self.head = head
    self.inputShape = inputShape
    self.program = program
    self.values = values
    self.tail = tail
  }

  /// The head alone, for what comes out of the tail; itself where there is none.
  package var withoutTail: HeadModel {
    get throws {
      guard let tail else { return self }
      let own = Dictionary(parameters.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
      var model = try HeadModel(head, inputShape: tail.outputShape) { own[$0] }
      (model.pool, model.loss) = (pool, loss)
      return model
    }
  }

  /// The tensors of the tail that training changed, or may have changed, by their names in the backbone.
  package var tunedTensors: [String: Tensor] {
    guard let tail else { return [:] }
    let learnt = Set(tail.layers.filter(\.learns).flatMap { $0.parameters.map(\.name) })
    let pairs = parameters.compactMap { parameter -> (String, Tensor)? in
      guard parameter.name.hasPrefix(BackboneTail.prefix) else { return nil }
      let name = String(parameter.name.dropFirst(BackboneTail.prefix.count))
      return learnt.contains(name) ? (name, parameter.tensor) : nil
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// The same head, with the parameters it has, behind a part of a backbone.
  ///
  /// - Parameters:
  ///   - tail: what is before it.
  ///   - parameter: the tensor of a parameter of the tail, or nil.
  /// - Throws: what making a head behind a tail throws.
  package func behind(_ tail: BackboneTail, parameter: (String) throws -> Tensor?) throws -> HeadModel {
    let own = Dictionary(parameters.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let model = try HeadModel(head, behind: tail, seed: 0, parameter: parameter)
    let all = Dictionary(
      model.parameters.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    var result = try model.withParameters { own[$0] ?? all[$0] }
    (result.pool, result.loss) = (pool, loss)
    return result
  }

  /// The same with parameters that `parameter` has by name.
  func withParameters(_ parameter: (String) throws -> Tensor?) throws -> HeadModel {
    var values: [[Float]] = []
    for declared in program.parameters {
      let tensor = try parameter(declared.tensorName)
      try declared.check(tensor?.shape)
      values.append(tensor?.scalars ?? [])
    }
    return with(values)
  }

  /// The same head with other parameters, in order.
  func with(_ values: [[Float]]) -> HeadModel {
    var model = self
    model.values = values
    return model
  }

  /// What the name of every layer and parameter starts with where they stand beside a backbone's.
  package static let prefix = "head/"

  /// The number of outputs per sample: classes, or 1 for two classes behind a sigmoid.
  public var outputCount: Int { program.outputWidth }

  /// The number of parameters.
  public var parameterCount: Int { values.reduce(0) { $0 + $1.count } }

  /// The non-trainable ones: moving averages.
  public var nonTrainableParameterCount: Int {
    program.parameters.reduce(0) { $0 + ($1.isTrainable ? 0 : $1.shape.elementCount) }
  }

  /// The trained tensors in Keras's weight order.
  public var parameters: [HeadParameter] {
    zip(program.parameters, values).map { parameter, scalars in
      HeadParameter(
        name: parameter.tensorName, tensor: Tensor(shape: parameter.shape, scalars: scalars))
    }
  }

  private static func initialValues(_ parameter: HeadProgram.Parameter, _ seed: UInt64) -> [Float] {
    let shape = parameter.shape
    return parameter.initializer.values(
      inputs: shape.rank == 2 ? shape[0] : nil, units: shape[shape.rank - 1],
      seed: Seeds.derive(seed, parameter.name))
  }
}
