import Catalog
import Foundation
import ModelZoo
import TensorArchive
import Tensors
import TestSupport
import Testing

/// Layers of a network that are called as something of a head, or of the features it reads.
@Suite struct FineTuningNamesTests {
  private func archive(_ names: [String], in folder: URL) throws -> String {
    let layers = zip(names, ["in"] + names).map { name, input in
      """
      {"class_name": "Conv2D", "name": "\(name)", "config": {"name": "\(name)", "filters": 4, "kernel_size": [3, 3],
       "strides": [1, 1], "padding": "same", "dilation_rate": [1, 1], "groups": 1, "activation": "relu", "use_bias": true,
       "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.1}}}, "inbound_nodes": [[["\(input)", 0, 0, {}]]]}
      """
    }
    let json = """
      {"class_name": "Functional", "keras_version": "2.15.0", "config": {"name": "net", "layers": [
       {"class_name": "InputLayer", "name": "in", "config": {"name": "in", "batch_input_shape": [null, 32, 32, 3]},
        "inbound_nodes": []}, \(layers.joined(separator: ", "))],
       "input_layers": [["in", 0, 0]], "output_layers": [["\(names[names.count - 1])", 0, 0]]}}
      """
    let entry = try CatalogEntry(
      json: EntryDraft.entry(fromKeras: json, EntryFacts(preprocessing: .rescale)))
    let network = try ArchivedNetwork(entry: entry, variant: nil)
    var tensors: [String: TensorView] = [:]
    for parameter in try network.graph().parameters() {
      let values = SyntheticWeights(seed: 1).values(
        layer: parameter.layer, role: parameter.role, shape: parameter.shape)
      tensors[parameter.name] = TensorView(Tensor(shape: parameter.shape, scalars: values))
    }
    let path = folder.appending(path: "net.zoo.safetensors").path
    let manifest = Manifest(producer: "test", sections: network.sections)
    try ArchiveWriter.write(to: path, manifest: manifest, tensors: tensors)
    return path
  }

  private func train(_ names: [String], from first: String) throws -> TrainedModel {
    var model: TrainedModel?
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 3)
      let backbone = try Backbone(
        contentsOf: archive(names, in: folder), options: BackboneOptions(size: 32))
      var options = TrainingOptions(fit: .epochs(1, batchSize: 5))
      options.fineTuning = FineTuning(.from(first))
      model = try backbone.train(
        try Head("dense(3, softmax)"), on: .whole(Dataset(folder: photos.path)), options: options)
    }
    return try #require(model)
  }

  /// An archive has one tensor of a name.
  @Test func aLayerCalledAsOneOfTheHeadIsRefusedAheadOfTraining() throws {
    let error = #expect(throws: TrainingError.self) {
      try train(["c1", "head/dense", "c2"], from: "c2")
    }
    #expect(error?.description.contains("head/dense/kernel") == true, "\(String(describing: error))")
    #expect(try train(["c1", "head/other", "c2"], from: "c2").fineTuning?.layers == ["c2"])
  }

  /// They are told by where they stand.
  @Test func aFrozenLayerMayBeCalledAsThePoolingIs() throws {
    let names = ["features/average", "features/c1", "average", "global_average_pooling2d", "c2"]
    let record = try #require(train(names, from: "c2").fineTuning)
    #expect(record.layers == ["c2"])
    // A kernel and a bias of one convolution.
    #expect(record.parameterCount == 3 * 3 * 4 * 4 + 4)
  }
}
