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

  /// - Parameters:
  ///   - block: rows that one pass through the weights works on.
  ///   - panel: columns that belong together.
  init(rows: Int, block: Int, columns: Int, panel: Int, threads: Int) {
    self.rows = rows
    self.columns = columns
    self.panel = panel
    let blocks = max(1, (rows + block - 1) / block)
    if blocks >= 2 * threads {
      rowBlocks = (blocks + threads - 1) / threads * threads
      columnBlocks = 1
    } else {
      rowBlocks = blocks
      let wanted = threads == 1 ? 1 : Self.tasksPerThread * threads / blocks
      columnBlocks = max(1, min(columns / panel, wanted))
    }
  }

  /// For work that transforms its rows before it multiplies them: rather few large tasks, as every column block
  /// transforms its rows anew and every row block reads all weights.
  init(transforming rows: Int, block: Int, columns: Int, panel: Int, threads: Int) {
    self.rows = rows
    self.columns = columns
    self.panel = panel
    let blocks = (rows + block - 1) / block
    if blocks >= 2 * threads {
      rowBlocks = (blocks + threads - 1) / threads * threads
      columnBlocks = 1
    } else {
      let parts = max(1, min(threads, rows / Self.fewRows))
      rowBlocks = max(parts, (blocks + parts - 1) / parts * parts)
      columnBlocks = max(1, min((columns + panel - 1) / panel, threads / parts))
    }
  }

  /// Rows below which reading all weights costs more than they save.
  private static let fewRows = 40

  /// Rows alone: as many blocks for each thread, and fewer rows in each where there are few.
  init(rows: Int, threads: Int, block: Int) {
    self.rows = rows
    let blocks = (rows + block - 1) / block
    rowBlocks = max(1, min(rows, (blocks + threads - 1) / threads * threads))
    columnBlocks = 1
    columns = 0
    panel = 1
  }

  var taskCount: Int { rowBlocks * columnBlocks }

  /// Tasks of the same rows follow each other: a thread's share is what it wrote, or nearly, in the step before.
  func rows(of task: Int) -> Range<Int> {
    let block = task / columnBlocks
    return rows * block / rowBlocks..<rows * (block + 1) / rowBlocks
  }

  func columns(of task: Int) -> Range<Int> {
    let block = task % columnBlocks
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
    rows: rows, block: Int(KERNELS_ROW_BLOCK), columns: work.filters, panel: table.panel_columns,
    threads: pool.threadCount)
  pool.forEach(partition.taskCount) { task, _ in
    let (rows, columns) = (partition.rows(of: task), partition.columns(of: task))
    unsafe withUnsafePointer(to: work) { work in
      unsafe table.convolve(work, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }
  }
}
