import Catalog

extension GraphTranslation {
  typealias Operator = @Sendable (inout GraphTranslation, OperatorCall) throws -> [GraphValue]

  /// Every operator that something here computes, by its name.
  static let operators: [String: Operator] = sums.merging(activations) { first, _ in first }
    .merging(arithmetics) { first, _ in first }.merging(reductions) { first, _ in first }
    .merging(reshapings) { first, _ in first }.merging(wholeNumbers) { first, _ in first }

  /// Those with weights.
  private static let sums: [String: Operator] = [
    "Conv": { try [.maps($0.convolution($1))] },
    "Gemm": { try [.maps($0.gemm($1))] },
    "MatMul": { try [.maps($0.product($1))] },
    "BatchNormalization": { try [.maps($0.batchNormalization($1))] },
    "LayerNormalization": { try [.maps($0.layerNormalization($1))] },
    "PRelu": { try [$0.learntSlope($1)] },
  ]

  private static let activations: [String: Operator] = [
    "Relu": { try $0.activation(.relu, $1) },
    "Sigmoid": { try $0.activation(.sigmoid, $1) },
    "Tanh": { try $0.activation(.tanh, $1) },
    "Softplus": { try $0.activation(.softplus, $1) },
    "Softsign": { try $0.activation(.softsign, $1) },
    "Exp": { try $0.activation(.exponential, $1) },
    "Mish": { try $0.activation(.mish, $1) },
    "HardSwish": { try $0.activation(.hardSilu, $1) },
    "LeakyRelu": { try $0.activation(.leakyReLU(negativeSlope: $1.number("alpha", 0.01)), $1) },
    "Elu": { try $0.activation(.elu(alpha: $1.number("alpha", 1)), $1) },
    "Selu": { try $0.selu($1) },
    "HardSigmoid": { try $0.hardSigmoid($1) },
    "Gelu": { try $0.gelu($1) },
    "Swish": { try $0.swish($1) },
    "Softmax": { try $0.softmax($1) },
    "Clip": { try $0.clip($1) },
    "Erf": { try $0.errorFunction($1) },
  ]

  private static let arithmetics: [String: Operator] = [
    "Add": { try $0.arithmetic(.add, $1) },
    "Sub": { try $0.arithmetic(.subtract, $1) },
    "Mul": { try $0.arithmetic(.multiply, $1) },
    "Div": { try $0.arithmetic(.divide, $1) },
    "Pow": { try $0.power($1) },
    "Sqrt": { try $0.root($1) },
    "Sum": { try $0.merge(Add(), $1) },
    "Mean": { try $0.merge(Average(), $1) },
    "Max": { try $0.limit(isUpper: false, $1) },
    "Min": { try $0.limit(isUpper: true, $1) },
    "Concat": { try $0.concatenation($1) },
  ]

  private static let reductions: [String: Operator] = [
    "MaxPool": { try [.maps($0.maxPool($1))] },
    "AveragePool": { try [.maps($0.averagePool($1))] },
    "GlobalAveragePool": {
      try [.maps($0.globalPool(GlobalAveragePooling2D { $0.keepsDimensions = true }, $1))]
    },
    "GlobalMaxPool": { try [.maps($0.globalPool(GlobalMaxPooling2D { $0.keepsDimensions = true }, $1))] },
    "ReduceMean": { try [$0.reduction(isMean: true, $1)] },
    "ReduceMax": { try [$0.reduction(isMean: false, $1)] },
  ]

  private static let reshapings: [String: Operator] = [
    "Reshape": { try [$0.reshape($1)] },
    "Flatten": { try [.maps($0.flatten($1))] },
    "Squeeze": { try [$0.squeeze($1)] },
    "Unsqueeze": { try [$0.unsqueeze($1)] },
    "Transpose": { try [$0.transpose($1)] },
    "Identity": { try [$0.same($1)] },
    "Dropout": { try [$0.dropout($1)] },
    "Cast": { try [$0.cast($1)] },
    "Pad": { try [.maps($0.pad($1))] },
    "Slice": { try [$0.slice($1)] },
    "Split": { try $0.split($1) },
  ]

  private static let wholeNumbers: [String: Operator] = [
    "Constant": { try [$0.constant($1)] },
    "ConstantOfShape": { try [$0.constantOfShape($1)] },
    "Shape": { try [$0.shape($1)] },
    "Gather": { try [$0.gather($1)] },
  ]
}
