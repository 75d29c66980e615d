package import Catalog
import Files
package import Tensors
import WeightConversion

/// What a file with PyTorch's names has of a network: a tensor for every parameter, named and shaped as PyTorch has it, and for every batch
/// normalisation the counter of batches that it keeps.
package struct StateDictionaryLayout: Sendable {
  /// A tensor of the file.
  package struct Entry: Sendable {
    /// `layer1.0.conv1.weight`.
    package let name: String
    package let shape: TensorShape
    /// Whose numbers it has; nil for a counter.
    package let parameter: Parameter?
    /// How they get from our order of axes into PyTorch's.
    let order: KernelOrdering?

    /// Puts numbers of `size` bytes each into PyTorch's order.
    package func reorder(_ bytes: RawSpan, size: Int, into target: inout MutableRawSpan) {
      if let order {
        order.run(bytes, elementSize: size, into: &target)
      } else {
        target.write(bytes, at: 0)
      }
    }
  }

  /// In the order of the network's layers.
  package private(set) var entries: [Entry] = []

  /// - Parameters:
  ///   - graph: the network.
  ///   - parameters: its parameters, those of a classifier among them.
  ///   - groups: what PyTorch calls each layer.
  ///   - flattened: the features `[H, W, C]` that the classifier's first dense layer reads flattened, and that layer's name.
  ///   - convolutions: the kernels of dense layers that such files keep as convolutions: their shapes as such, by the layers' names.
  ///   - layerScale: what PyTorch's modules call the factors of a `LayerScale`; nil for torchvision's `layer_scale`.
  package init(
    _ graph: LayerGraph, _ parameters: [Parameter], groups: [String: String],
    flattened: (layer: String, features: TensorShape)? = nil, convolutions: [String: TensorShape] = [:],
    layerScale: String? = nil
  ) {
    let scales = Set(graph.layers.filter { $0.operation is LayerScale }.map(\.name))
    for parameter in parameters {
      guard let group = groups[parameter.layer] else { continue }
      let isScale = scales.contains(parameter.layer)
      let features =
        flattened?.layer == parameter.layer && parameter.role == "kernel" ? flattened?.features : nil
      let kept = parameter.role == "kernel" ? convolutions[parameter.layer] : nil
      let leaf =
        isScale ? layerScale ?? "layer_scale" : WeightSpeller.pyTorchSpelling(of: parameter.role)
      entries.append(
        Entry(
          name: "\(group).\(leaf)",
          shape: isScale && layerScale == nil
            ? TensorShape(parameter.shape.dimensions + [1, 1])
            : AxisOrder.pytorch.shape(of: kept ?? parameter.shape, role: parameter.role),
          parameter: parameter, order: KernelOrdering(of: parameter, flattened: features)))
      if parameter.role == "moving_variance" {
        entries.append(Entry(name: "\(group).num_batches_tracked", shape: [], parameter: nil, order: nil))
      }
    }
  }
}
