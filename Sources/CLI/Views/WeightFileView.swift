import ModelZoo
import Reports

/// What `zoo inspect` says of a weight file.
struct WeightFileView {
  let file: WeightFileDescription
  let recognition: Recognition
  /// Folders of catalog entries that were given, and that a command needs again.
  let folders: [String]

  func lines(_ listsTensors: Bool) -> [String] {
    let place =
      file.isWholeModel ? "a whole model saved by \(file.writer)" : "weights saved by \(file.writer)"
    var lines = [
      "\(file.path): \(place), \(file.formWords), \(file.byteCount.grouped) bytes,"
        + " \(counted(file.layerCount, "layer")), \(file.weightedLayerCount) with weights"
    ]
    if recognition.fits {
      lines.append("  \(ConversionView.heading(recognition))")
      lines += ConversionView.reasons(recognition)
      lines += FlagHint.featureNotes(recognition).map { "  - \($0)" }
      lines.append(advice)
    } else if !(recognition.mismatch.applied + recognition.mismatch.transformed).isEmpty {
      lines.append("  no network of the catalog fits; nearest is \(recognition.mismatch)")
    } else {
      lines.append("  no network of the catalog fits")
    }
    if !recognition.fits, let problem = recognition.ownGraphProblem {
      lines.append("  the graph that it describes cannot be followed: \(problem)")
    }
    return listsTensors ? lines + ArchiveView.lines(file.tensors) : lines
  }

  private var advice: String {
    let top = recognition.topLayers
    let option = top.isEmpty ? "" : " --drop-top"
    let given = folders.map { " --zoo \($0)" }.joined()
    let beyond = top.isEmpty ? "" : "  not part of the network: \(top.joined(separator: ", "))\n"
    return beyond
      + "  convert it with: zoo convert \(file.path)\(option)\(given) -o \(recognition.network).zoo.safetensors"
  }

  func json(_ listsTensors: Bool) -> JSON {
    var fields: [(name: String, value: JSON)] = [
      ("file", .string(file.path)), ("kind", .string(file.form)), ("bytes", .integer(file.byteCount)),
      ("wholeModel", .boolean(file.isWholeModel)), ("kerasVersion", JSON(file.kerasVersion)),
      ("backend", JSON(file.backend)), ("layers", .integer(file.layerCount)),
      ("weightedLayers", .integer(file.weightedLayerCount)),
      ("recognition", ConversionView.json(recognition)),
    ]
    if !recognition.fits { fields.append(("mismatch", ConversionView.json(recognition.mismatch))) }
    if listsTensors { fields.append(("tensors", ArchiveView.json(file.tensors))) }
    return JSON.object(fields)
  }
}
