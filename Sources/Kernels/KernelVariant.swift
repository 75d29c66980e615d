import CKernels
import Foundation

/// An instruction set the kernels were compiled for.
///
/// Results may differ between variants in the last bits (some fuse a multiplication with an addition, some
/// do not); within one they never depend on threads or batches.
package enum KernelVariant: Int, CaseIterable, Sendable {
  /// x86-64 with AVX-512.
  case avx512
  /// x86-64 with AVX2 and FMA.
  case avx2
  /// AArch64.
  case neon
  /// Whatever the compiler builds for.
  case baseline

  /// The variants this processor can run, best first; never empty.
  package static let supported: [KernelVariant] = allCases.filter {
    unsafe kernels_variant(Int32($0.rawValue)) != nil
  }

  /// The best variant here, or the one that the environment variable `ZOO_KERNELS` names
  /// (`avx512`, `avx2`, `neon`, `baseline`) if this processor can run it.
  package static let preferred: KernelVariant = {
    let best = supported.first ?? .baseline
    guard let wanted = ProcessInfo.processInfo.environment["ZOO_KERNELS"] else { return best }
    return supported.first { "\($0)" == wanted } ?? best
  }()

  /// The kernels; those of `baseline` where the processor lacks the variant.
  @unsafe var table: kernels_table {
    let own = unsafe kernels_variant(Int32(rawValue))
    guard let table = unsafe own ?? kernels_variant(Int32(KernelVariant.baseline.rawValue)) else {
      preconditionFailure("KernelVariant: the baseline is always there")
    }
    return unsafe table.pointee
  }

  /// Floats in a vector.
  package var lanes: Int { unsafe table.lanes }

  /// Columns rounded up to whole vectors.
  func wholeVectors(_ columns: Int) -> Int { (columns + lanes - 1) / lanes * lanes }

  /// Output pixels in a register tile.
  package var tileRows: Int { unsafe table.tile_rows }

  /// Columns in a packed panel of weights.
  package var panelColumns: Int { unsafe table.panel_columns }
}
