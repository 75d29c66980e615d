import Files
import Images
import KerasWeights
import Kernels
public import TensorArchive

extension Release {
  /// A part of this build and its version.
  public struct Component: Hashable, Sendable {
    /// What it is: `archive format`, `kernels`, `HDF5`, `zlib`, `libjpeg`, `libpng`, `libtiff`, `libwebp`.
    public let name: String
    /// Its version; of the kernels, the instruction set that this processor runs.
    public let version: String
  }

  /// The archive format that is written, the kernels this processor runs, and the C libraries in use.
  public static var components: [Component] {
    [
      Component(name: "archive format", version: "\(FormatVersion.current)"),
      Component(name: "kernels", version: "\(KernelVariant.preferred)"),
      Component(name: "HDF5", version: SyntheticWeightFile.libraryVersion),
      Component(name: "zlib", version: zlibVersionInUse()),
      Component(name: "libjpeg", version: jpegLibraryVersion()),
      Component(name: "libpng", version: pngLibraryVersion()),
      Component(name: "libtiff", version: tiffLibraryVersion()),
      Component(name: "libwebp", version: webpLibraryVersion()),
    ]
  }
}
