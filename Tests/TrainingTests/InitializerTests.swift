import Tensors
import Testing
import Training

@Suite struct InitializerTests {
  static let inputs = 300
  static let units = 200

  private func kernel(
    _ initializer: Initializer, inputs: Int = Self.inputs, units: Int = Self.units, seed: UInt64 = 1
  ) throws -> [Double] {
    let head = Head { Dense(units, activation: .softmax, kernelInitializer: initializer) }
    let model = try HeadModel(head, inputShape: TensorShape([inputs]), seed: seed)
    return model.parameters[0].tensor.scalars.map(Double.init)
  }

  /// What Keras documents: the variance, and how far in deviations the furthest value may lie.
  static let distributions: [(Initializer, variance: Double, uniform: Bool)] = [
    (.glorotUniform, 2 / 500.0, true), (.glorotNormal, 2 / 500.0, false), (.heUniform, 2 / 300.0, true),
    (.heNormal, 2 / 300.0, false), (.lecunUniform, 1 / 300.0, true), (.lecunNormal, 1 / 300.0, false),
    (.randomUniform, 0.0025 / 3, true),
  ]

  @Test(arguments: distributions)
  func drawsFromTheDistribution(_ initializer: Initializer, _ variance: Double, _ uniform: Bool) throws {
    let values = try kernel(initializer)
    let deviation = variance.squareRoot()
    let limit = uniform ? 3.0.squareRoot() * deviation : 2 * deviation / 0.8796256610342398
    #expect(values.allSatisfy { abs($0) <= limit * 1.000001 })
    #expect(values.contains { $0 > 0.999 * limit } == uniform || !uniform)
    #expect(abs(mean(values) / deviation) < 0.02)
    #expect(abs(mean(values.map { $0 * $0 }) / variance - 1) < 0.02)
    // The fourth moment tells the shapes apart: 1.8 for uniform, 2.37 for a normal cut off at two deviations.
    let kurtosis = mean(values.map { $0 * $0 * $0 * $0 }) / (variance * variance)
    #expect(abs(kurtosis - (uniform ? 1.8 : 2.37)) < 0.06)
  }

  @Test func drawsPlainNormals() throws {
    let values = try kernel(.randomNormal)
    #expect(abs(mean(values.map { $0 * $0 }) / 0.0025 - 1) < 0.02)
    #expect(abs(mean(values.map { $0 * $0 * $0 * $0 }) / (0.0025 * 0.0025) - 3) < 0.12)
    #expect(abs(Double(values.count { abs($0) > 0.1 }) / Double(values.count) - 0.0455) < 0.005)
    let truncated = try kernel(.truncatedNormal)
    #expect(truncated.allSatisfy { abs($0) <= 0.1 })
    #expect(abs(mean(truncated.map { $0 * $0 }).squareRoot() / (0.05 * 0.8796256610342398) - 1) < 0.02)
  }

  @Test func drawsNothing() throws {
    #expect(try kernel(.zeros).allSatisfy { $0 == 0 })
    #expect(try kernel(.ones).allSatisfy { $0 == 1 })
  }

  @Test(arguments: [(30, 20), (20, 30), (16, 16), (5, 2)])
  func drawsRightAngles(_ inputs: Int, _ units: Int) throws {
    let values = try kernel(.orthogonal, inputs: inputs, units: units)
    let (count, length) = (min(inputs, units), max(inputs, units))
    func element(_ vector: Int, _ index: Int) -> Double {
      units <= inputs ? values[index * units + vector] : values[vector * units + index]
    }
    for first in 0..<count {
      for second in first..<count {
        let product = (0..<length).reduce(0.0) { $0 + element(first, $1) * element(second, $1) }
        #expect(abs(product - (first == second ? 1 : 0)) < 1e-6)
      }
    }
  }

  @Test(arguments: Initializer.allCases)
  func seedsDecide(_ initializer: Initializer) throws {
    let draws = try [1, 1, 2].map { try kernel(initializer, inputs: 8, units: 6, seed: $0) }
    #expect(draws[0] == draws[1])
    #expect((draws[0] == draws[2]) == (initializer == .zeros || initializer == .ones))
  }

  @Test func biasesMayBeginAnywhere() throws {
    let head = try Head(
      "dense(50, relu, bias_initializer=he_normal), dense(2, softmax, bias_initializer=ones)")
    let parameters = try HeadModel(head, inputShape: [7], seed: 3).parameters
    #expect(mean(parameters[1].tensor.scalars.map { Double($0 * $0) }) / (2 / 50.0) > 0.6)
    #expect(parameters[3].tensor.scalars == [1, 1])
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
