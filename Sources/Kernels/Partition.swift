import CKernels

/// How a matrix product is divided into tasks: blocks of rows, and where those are few, ranges of columns.
///
/// Any division gives the same bits; this one keeps all threads busy to the end.
struct Partition {
  let rowBlocks: Int
  let columnBlocks: Int
  private let rows: Int
  private let columns: Int
  private let panel: Int

  /// Tasks there should be for each thread, so that the last ones end together.
  private static let tasksPerThread = 4

  init(rows: Int, columns: Int, panel: Int, threads: Int) {
    self.rows = rows
    self.columns = columns
    self.panel = panel
    let block = Int(KERNELS_ROW_BLOCK)
    rowBlocks = max(1, (rows + block - 1) / block)
    let wanted = threads == 1 ? 1 : Self.tasksPerThread * threads
    let panels = max(1, (columns + panel - 1) / panel)
    columnBlocks = min(panels, max(1, wanted / rowBlocks))
  }

  var taskCount: Int { rowBlocks * columnBlocks }

  /// Tasks that read the same columns follow each other.
  func rows(of task: Int) -> Range<Int> {
    let block = task % rowBlocks
    return rows * block / rowBlocks..<rows * (block + 1) / rowBlocks
  }

  func columns(of task: Int) -> Range<Int> {
    let block = task / rowBlocks
    let panels = (columns + panel - 1) / panel
    let first = panels * block / columnBlocks
    let end = panels * (block + 1) / columnBlocks
    return first * panel..<min(columns, end * panel)
  }
}

/// Runs a convolution over `rows` output pixels on all threads of the pool.
@unsafe func convolve(_ work: kernels_convolution, rows: Int, variant: KernelVariant, pool: ThreadPool) {
  let table = unsafe variant.table
  let partition = unsafe Partition(
    rows: rows, columns: work.filters, panel: table.panel_columns, threads: pool.threadCount)
  pool.forEach(partition.taskCount) { task, _ in
    let (rows, columns) = (partition.rows(of: task), partition.columns(of: task))
    unsafe withUnsafePointer(to: work) { work in
      unsafe table.convolve(work, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }
  }
}
