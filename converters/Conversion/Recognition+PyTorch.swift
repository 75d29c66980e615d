import Catalog
import Encoding
import Tensors

extension Recognition {
  /// What is known besides of a network whose file has PyTorch's names: how images are brought to size, and its classifier.
  func ofPyTorch(_ file: any WeightSource, _ options: ConversionOptions) throws -> Recognition {
    guard options.kernels != .theano else { throw ConversionError.rotatedPyTorch(path: file.path) }
    guard fits else { return self }
    var recognition = self
    let isTimm = layout.tag.hasPrefix("timm")
    recognition.images.interpolation = isTimm ? .bicubic : .bilinear
    let entry = try CatalogEntry(json: target.json)
    recognition.reasons.append(
      .evidence(
        "pixels are preprocessed by '\(entry.preprocessing(variant: graph).label)', as \(isTimm ? "timm" : "torchvision") does it; "
          + "images are resized to \(entry.defaultSize.words) by \(isTimm ? Interpolation.bicubic.rawValue : Interpolation.bilinear.rawValue), "
          + "and nothing is cropped"))
    guard !options.leavesOut, let listed = try listedClassifier(file, entry) else { return recognition }
    recognition.classifier = listed.classifier
    recognition.classifierLayers = topLayers
    recognition.topLayers = []
    recognition.poolsAsItsOwn = true
    recognition.add(listed.pairs)
    recognition.reasons.append(
      .evidence(
        "its last layer, \(recognition.classifierLayers.last ?? ""), gives \(counted(listed.classifier.outputCount, "number")) "
          + (layout.classifierReads == .pixels ? "at every pixel, whose means are" : "without an activation:")
          + " taken as scores of classes, with a softmax for probabilities"))
    return recognition
  }

  /// The classifier that the weight set describes, with the tensors that it has in the file; nil where the file has another, or none.
  private func listedClassifier(
    _ file: any WeightSource, _ entry: CatalogEntry
  ) throws -> (classifier: Classifier, pairs: [Alignment.Pair])? {
    let names = (layout.classifier ?? []).compactMap(\.first)
    let sources = names.compactMap { name in file.layers.first { $0.name == name } }
    guard !names.isEmpty, sources.count == names.count, Set(topLayers) == Set(names),
      let features = try entry.graph(variant: graph).activationShapes(
        height: entry.defaultSize.height, width: entry.defaultSize.width
      ).last
    else { return nil }
    let input = layout.classifierReads ?? .pooled
    var wanted = input.kernelShape(reading: features, outputs: 0)
    var layers: [(units: Int, activation: Activation)] = []
    var shapes: [TensorShape?] = []
    for (source, listed) in zip(sources, layout.classifier ?? []) {
      let convolution =
        WeightSet.isConvolution(listed)
        ? (layers.isEmpty ? input : .pooled).convolutionShape(features, inputs: wanted[0], outputs: 0) : nil
      guard let kernel = source.weights.first(where: { $0.role == "kernel" }), source.weights.count == 2,
        let outputs = kernel.shape.dimensions.first,
        AxisOrder.pytorch.shape(of: convolution ?? wanted, role: "kernel").dimensions
          .dropFirst() == kernel.shape.dimensions.dropFirst(),
        let activation = listed.count > 1 ? Activation(kerasName: listed[1]) : .linear
      else { return nil }
      layers.append((outputs, activation))
      shapes.append(convolution.map { TensorShape($0.dimensions.dropLast() + [outputs]) })
      wanted = [outputs, 0]
    }
    guard let classifier = Classifier(layers, features: features, reading: input, size: entry.defaultSize)
    else { return nil }
    let pairs = pairs(of: sources, kept: shapes, classifier, input == .flattened ? features : nil)
    return (classifier, pairs)
  }

  /// - Parameter kept: the shapes, in our order of axes, of kernels of dense layers that the file keeps as convolutions.
  private func pairs(
    of sources: [SourceLayer], kept: [TensorShape?], _ classifier: Classifier, _ flattened: TensorShape?
  ) -> [Alignment.Pair] {
    let names = zip(classifier.layers.map(\.operation), classifier.names).filter {
      $0.0 is Dense || $0.0 is Conv2D
    }.map(
      \.1)
    return zip(sources, names).enumerated().flatMap { index, layer in
      layer.0.weights.map { tensor in
        let isKernel = tensor.role == "kernel"
        let kept = isKernel ? kept[index] : nil
        let isMap = tensor.shape.rank == 4
        let order = isMap ? [2, 3, 1, 0] : isKernel ? [1, 0] : [0]
        let shape =
          kept.map { TensorShape([$0.elementCount / $0[3], $0[3]]) }
          ?? TensorShape(order.map { tensor.shape[$0] })
        return Alignment.Pair(
          parameter: Parameter(
            layer: Classifier.prefix + layer.1, role: isKernel ? "kernel" : "bias", shape: shape,
            isTrainable: true),
          tensor: tensor, sourceShape: kept, flattened: isKernel && index == 0 ? flattened : nil)
      }
    }
  }
}
