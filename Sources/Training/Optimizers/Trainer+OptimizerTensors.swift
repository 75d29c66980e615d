package import Tensors

extension Trainer {
  /// The number of steps that the optimizer has taken.
  public var iterations: Int { state.iterations }

  /// What a callback set in place of the optimizer's own learning rate; nil for nothing.
  package var givenLearningRate: Double? { state.givenLearningRate }

  /// The optimizer's state, in a fixed order: `optimizer/dense/kernel/momentum` in the parameter's shape.
  public var optimizerTensors: [HeadParameter] {
    zip(model.program.parameters, state.memory).flatMap { parameter, memory in
      OptimizerMemory.arrays.compactMap { array in
        let scalars = memory[keyPath: array.path]
        guard !scalars.isEmpty else { return nil }
        return HeadParameter(
          name: Self.optimizerName(parameter.name, array.name),
          tensor: Tensor(shape: parameter.shape, scalars: scalars))
      }
    }
  }

  /// Puts the optimizer where it was when its tensors were read: the next step is the one that would have
  /// followed.
  ///
  /// - Parameters:
  ///   - start: the step at which it began anew.
  ///   - learningRate: ``givenLearningRate`` of then.
  ///   - tensor: the tensor of a name out of ``optimizerTensors``, or nil.
  /// - Throws: ``TrainingError`` when a tensor is missing or has another shape; the trainer is then unchanged.
  package mutating func restoreOptimizer(
    iterations: Int, start: Int = 0, learningRate: Double?, tensor: (String) throws -> Tensor?
  ) throws {
    var memory = state.memory
    for (index, parameter) in model.program.parameters.enumerated() {
      for array in OptimizerMemory.arrays where !memory[index][keyPath: array.path].isEmpty {
        let name = Self.optimizerName(parameter.name, array.name)
        guard let found = try tensor(name) else { throw TrainingError.missingParameter(name: name) }
        guard found.shape == parameter.shape else {
          throw TrainingError.parameterShape(name: name, expected: parameter.shape, found: found.shape)
        }
        memory[index][keyPath: array.path] = found.scalars
      }
    }
    state.memory = memory
    state.iterations = iterations
    state.start = start
    state.givenLearningRate = learningRate
  }

  private static func optimizerName(_ parameter: String, _ array: String) -> String {
    "optimizer/\(parameter)/\(array)"
  }
}
