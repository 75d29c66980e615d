/// What a file says of the numbers that its model gives, beside the graph.
package struct OutputEvidence: Sendable {
  /// The loss that the model was trained with; nil where that is not known.
  package var loss: CompiledLoss?
  /// How many names of classes somebody gives; nil for none.
  package var labelCount: Int?

  package init(loss: CompiledLoss? = nil, labelCount: Int? = nil) {
    self.loss = loss
    self.labelCount = labelCount
  }

  /// Whether `count` numbers are scores of classes, whatever stands ahead of them.
  func areScores(_ count: Int) -> Bool {
    if loss?.isOfClasses == true { return true }
    return labelCount.map { $0 == count || count == 1 && $0 == 2 } ?? false
  }
}
