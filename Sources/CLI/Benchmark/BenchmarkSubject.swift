import Catalog
import Execution
import Kernels
import TensorArchive
import Tensors

/// A network from an archive, planned and ready to be measured.
struct BenchmarkSubject {
  let pool: ThreadPool
  let session: Session

  init(archive path: String, size: Int?, layer: String?, threads: Int?, isExact: Bool) throws {
    let archive = try Archive(contentsOf: path)
    guard
      let network = try ArchivedNetwork(sections: archive.manifest?.sections ?? [:], place: path)
    else { throw UsageError.conflict("\(path): holds tensors but no network; zoo convert writes both") }
    let height = size ?? network.entry.defaultSize.height
    let width = size ?? network.entry.defaultSize.width
    try network.entry.checkInputSize(height: height, width: width, variant: network.variant)
    pool = threads.map { ThreadPool(threads: $0) } ?? .shared
    let plan = try Plan(
      graph: network.graph(), archive: archive, height: height, width: width,
      options: .init(output: layer, isExact: isExact), pool: pool)
    session = Session(plan, pool: pool)
  }

  /// Images that are the same every time.
  func images(count: Int) -> Tensor {
    let shape = session.plan.inputShape
    return SyntheticWeights(seed: 1).images(
      count: count, height: shape[0], width: shape[1], channels: shape[2])
  }
}
