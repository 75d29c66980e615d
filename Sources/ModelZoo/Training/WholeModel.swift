import Execution
import Images
import Synchronization
import Tensors
import Training

/// A backbone and the head behind it as one network: images go in, and what the head says of them comes out.
final class WholeModel: Sendable {
  private let backbone: Backbone
  private let head: HeadModel
  private let planned = Mutex<Backbone?>(nil)

  init(_ backbone: Backbone, _ head: HeadModel) { (self.backbone, self.head) = (backbone, head) }

  /// The network, planned when it is first asked for: with the weights of the backbone, which stay where they are.
  func network() throws -> Backbone {
    try planned.withLock { planned in
      if let planned { return planned }
      let network = try backbone.followed(by: head)
      planned = network
      return network
    }
  }

  /// What the head says of inputs `[N, H, W, 3]`.
  func answers(to inputs: Tensor) throws -> HeadAnswers {
    try backbone.check(inputs)
    let outputs = try network().sessions.runAll(inputs)
    return HeadAnswers(scores: outputs[0].scalars, outputs: outputs[1].scalars, count: inputs.shape[0])
  }

  /// What the head says of images of any sizes.
  func answers(to images: [some PixelSource]) throws -> HeadAnswers {
    try answers(to: backbone.inputs(of: images))
  }
}
