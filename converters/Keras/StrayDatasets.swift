import HDF5
import WeightConversion

/// The datasets of files of Keras that are none of the weights.
struct StrayDatasets {
  private(set) var found = LeftAside()
  private var paths: Set<String> = []

  /// So many objects are looked at: what is reached by several ways counts for each.
  private static let mostObjects = 1 << 16

  /// - Parameters:
  ///   - files: one, or the several files over which weights were spread.
  ///   - listed: the paths of the datasets that are weights.
  ///   - isPassedOver: whether nothing is said of what is there: the optimizer's state.
  init(
    _ files: [HDF5File], listed: Set<String>, isPassedOver: (HDF5Group, _ child: String) -> Bool
  ) throws(KerasWeightsError) {
    for file in files {
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
          guard !isPassedOver(group, name) else { continue }
          let path = group.path(of: name)
          switch group.kind(of: name) {
          case .group: groups.append(try reading { () throws(HDF5Error) in try group.group(name) })
          case .dataset: if !listed.contains(path) { add(path, group, name) }
          case .datatype: break
          case nil:
            found.unread.append(group.otherLink(to: name).map { "\(path), \($0)" } ?? path)
          }
        }
      }
    }
  }

  private mutating func add(_ path: String, _ group: HDF5Group, _ name: String) {
    // Another file may have one of the same path, of which the path does not tell it.
    guard paths.insert(path).inserted, let dataset = try? group.dataset(name) else {
      found.unread.append(path)
      return
    }
    found.tensors.append(
      SourceTensor(name: path, path: path, shape: dataset.shape, scalarType: dataset.scalarType, role: nil))
  }
}

extension HDF5Group {
  /// Where a child is: `/model_weights/conv1`.
  func path(of child: String) -> String { path == "/" ? "/" + child : path + "/" + child }

  /// The paths of the datasets in it and in groups inside it, up to groups that `isOther` says are none of its own.
  func datasetPaths(
    atMost limit: Int = 1 << 12, besides isOther: (HDF5Group) -> Bool
  ) throws(HDF5Error) -> [String] {
    var (groups, paths, count) = ([self], [String](), 0)
    while let group = groups.popLast() {
      for name in try group.childNames() {
        count += 1
        guard count <= limit else { return paths }
        switch group.kind(of: name) {
        case .dataset: paths.append(group.path(of: name))
        case .group:
          let inner = try group.group(name)
          if !isOther(inner) { groups.append(inner) }
        case .datatype, nil: break
        }
      }
    }
    return paths
  }
}
