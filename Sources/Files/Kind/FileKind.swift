/// What a file is by its bytes; its name is never asked.
package enum FileKind: Hashable, Sendable {
  /// `promised` is the end-of-file address of the superblock: how long the whole file is.
  case hdf5(promised: Int)
  case safetensors(headerByteCount: Int)
  /// A model or tensors in a format that is not read.
  case model(ModelFormat)
  case image(ImageKind)
  /// Something that other files are packed in.
  case container(ContainerKind)
  /// Git LFS left a note where the file should be.
  case gitLFSPointer(oid: String, size: Int?)
  case html
  case xml
  case json
  case text(firstLine: String)
  case pdf
  /// What macOS writes beside a file on foreign disks: `._name`.
  case appleDouble
  /// Nothing but zeros as far as was looked: a download that set the room aside and never filled it.
  case zeros
  case empty
  case folder
  case unknown(firstBytes: [UInt8])

  package enum ModelFormat: Hashable, Sendable {
    /// A zip archive as PyTorch writes it since 1.6.
    case pyTorch
    /// A pickle of PyTorch, as it was written before 1.6.
    case legacyPyTorch
    case pickle
    /// A zip archive as Keras 3 writes `.keras` files.
    case keras
    /// One array, `.npy`.
    case numPy
    /// A zip archive of arrays, `.npz`.
    case numPyArchive
    case onnx, tensorFlowLite, gguf
    /// The index of a TensorFlow checkpoint.
    case tensorFlowCheckpoint
    /// A folder with a `saved_model.pb` in it.
    case savedModel
    /// That file alone.
    case savedModelGraph
    /// A graph of TensorFlow with its weights, as those before 2 were frozen: `.pb`.
    case frozenGraph
  }

  package enum ImageKind: String, Hashable, Sendable {
    case jpeg = "JPEG"
    case png = "PNG"
    case bmp = "BMP"
    case gif = "GIF"
    case tiff = "TIFF"
    case webP = "WebP"
    /// The PBM, PGM and PPM family, `P1` to `P6`.
    case netpbm = "PPM"
    case avif = "AVIF"
    case heic = "HEIC"
    case jpeg2000 = "JPEG 2000"
    case jpegXL = "JPEG XL"
    case ico = "ICO"
    case photoshop = "Photoshop"
    case svg = "SVG"
  }

  package enum ContainerKind: String, Hashable, Sendable {
    case zip, gzip, tar, bzip2, xz, zstandard, rar
    case sevenZip = "7-Zip"
  }
}
