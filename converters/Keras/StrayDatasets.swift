import HDF5
import WeightConversion

/// The datasets of a legacy file that its own lists do not name.
struct StrayDatasets {
  private(set) var found = LeftAside()

  /// So many objects are looked at: what is reached by several ways counts for each.
  private static let mostObjects = 1 << 16
  /// What is not looked into: the optimizer's state.
  private static let optimizer = "/optimizer_weights"

  /// - Parameter listed: the paths of the datasets that are named.
  init(_ file: HDF5File, listed: Set<String>) throws(KerasWeightsError) {
    var groups = [file.root]
    var count = 0
    while let group = groups.popLast() {
      for name in try reading({ () throws(HDF5Error) in try group.childNames() }) {
        count += 1
        guard count <= Self.mostObjects else {
          throw .unsupportedLayout(
            path: file.path, layout: "more than \(Self.mostObjects) objects",
            advice: "save the model again with Keras, which writes none but its weights")
        }
        let path = group.path == "/" ? "/" + name : group.path + "/" + name
        switch group.kind(of: name) {
        case .group where path != Self.optimizer:
          groups.append(try reading { () throws(HDF5Error) in try group.group(name) })
        case .dataset where !listed.contains(path): add(path, group, name)
        default: break
        }
      }
    }
  }

  private mutating func add(_ path: String, _ group: HDF5Group, _ name: String) {
    guard let dataset = try? group.dataset(name) else {
      found.unread.append(path)
      return
    }
    found.tensors.append(
      SourceTensor(name: path, path: path, shape: dataset.shape, scalarType: dataset.scalarType, role: nil))
  }
}
