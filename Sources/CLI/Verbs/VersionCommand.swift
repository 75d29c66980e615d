import HDF5
import HDF5Writing
import Images
import Kernels
import Reports
import TensorArchive
import Tensors

/// `zoo version`
struct VersionCommand: Command {
  let name = "version"
  let abstract = "print the versions of zoo, its archive format and its libraries"
  let discussion = """
    The first line is zoo's own version. The archive format is what zoo writes; it reads every older one. \
    Kernels are compiled for several instruction sets; the one named is the one this processor runs.
    """
  let example = "zoo version --json"
  var parameters: [any Parameter] { [Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let facts = [
      ("zoo", "zoo", Release.version), ("archiveFormat", "archive format", "\(FormatVersion.current)"),
      ("kernels", "kernels", "\(KernelVariant.preferred)"), ("hdf5", "HDF5", hdf5VersionInUse()),
      ("zlib", "zlib", zlibVersionInUse()), ("libjpeg", "libjpeg", jpegLibraryVersion()),
      ("libpng", "libpng", pngLibraryVersion()),
    ]
    if arguments[Common.json] {
      console.print(JSON.object(facts.map { key, _, version in (name: key, value: .string(version)) }))
    } else {
      for (_, label, version) in facts { console.print("\(label) \(version)") }
    }
  }
}
