import Catalog
import Encoding
import KerasWeights
import Reports
import Tensors

/// What `zoo inspect` says of a Keras weight file.
struct KerasPage {
  private let file: KerasFile
  private let recognition: Recognition

  init(_ file: KerasFile, _ recognition: Recognition) {
    self.file = file
    self.recognition = recognition
  }

  func lines(_ listsTensors: Bool) -> [String] {
    let place = file.isWholeModel ? "a whole model saved by Keras" : "weights saved by Keras"
    var lines = [
      "\(file.path): \(place), legacy HDF5, \(file.byteCount.grouped) bytes,"
        + " \(file.layerNames.count) layers, \(file.layers.count) with weights"
    ]
    if recognition.fits {
      lines.append("  \(ConversionPage.heading(recognition))")
      lines += recognition.reasons.map { "  - \($0)" }
      lines.append(advice)
    } else {
      lines.append("  no network of the catalog fits; nearest is \(recognition.mismatch)")
    }
    guard listsTensors else { return lines }
    return lines + tensors.map { "  \($0.path) \($0.shape) \($0.scalarType.rawValue)" }
  }

  private var advice: String {
    let top = recognition.topLayers
    let option = top.isEmpty ? "" : " --drop-top"
    let beyond = top.isEmpty ? "" : "  beyond the network: \(top.joined(separator: ", "))\n"
    return beyond
      + "  convert it with: zoo convert \(file.path)\(option) -o"
      + " \(recognition.target.identifier).zoo.safetensors"
  }

  private var tensors: [KerasTensor] { file.layers.flatMap(\.tensors) }

  func json(_ listsTensors: Bool) -> JSON {
    var fields: [(name: String, value: JSON)] = [
      ("file", .string(file.path)), ("kind", "keras-hdf5"), ("bytes", .integer(file.byteCount)),
      ("wholeModel", .boolean(file.isWholeModel)), ("kerasVersion", JSON(file.kerasVersion)),
      ("backend", JSON(file.backend)), ("layers", .integer(file.layerNames.count)),
      ("weightedLayers", .integer(file.layers.count)), ("recognition", ConversionPage.json(recognition)),
    ]
    if !recognition.fits { fields.append(("mismatch", ConversionPage.json(recognition.mismatch))) }
    if listsTensors {
      let list = tensors.map { tensor -> JSON in
        [
          "name": .string(tensor.path), "dtype": .string(tensor.scalarType.rawValue),
          "shape": .array(tensor.shape.dimensions.map(JSON.integer)),
        ]
      }
      fields.append(("tensors", .array(list)))
    }
    return JSON.object(fields)
  }
}
