import Encoding

extension FileKind {
  /// Whether such a file may be weights, or have weights in it, that can be read.
  package var mayHoldWeights: Bool {
    switch self {
    case .hdf5, .model(.keras), .model(.numPyArchive), .model(.onnx), .container(.zip), .container(.gzip),
      .json:
      true
    default: isOfPyTorch
    }
  }

  /// Whether `torch.save` wrote it.
  package var isOfPyTorch: Bool {
    switch self {
    case .model(.pyTorch), .model(.legacyPyTorch): true
    default: false
    }
  }

  /// The kind in a word, for machines.
  package var name: String {
    switch self {
    case .hdf5: "hdf5"
    case .safetensors: "safetensors"
    case .model(let format): format.name
    case .image(let kind): kind.rawValue.lowercased().filter { $0 != " " }
    case .container(let kind): kind.rawValue.lowercased().filter { $0 != "-" }
    case .gitLFSPointer: "git-lfs-pointer"
    case .html: "html"
    case .xml: "xml"
    case .json: "json"
    case .text: "text"
    case .pdf: "pdf"
    case .appleDouble: "appledouble"
    case .zeros: "zeros"
    case .empty: "empty"
    case .folder: "directory"
    case .unknown: "unknown"
    }
  }

  /// What the file is, in words that stand after "found" or "it is".
  package var words: String {
    switch self {
    case .hdf5: "an HDF5 file"
    case .safetensors: "a safetensors file"
    case .model(let format): format.words
    case .image(let kind): kind.words
    case .container(let kind): kind.words
    case .gitLFSPointer: "a Git LFS pointer"
    case .html: "an HTML page"
    case .xml: "an XML text"
    case .json: "JSON text"
    case .text(let line): "a text that begins '\(line.printable)'"
    case .pdf: "a PDF document"
    case .appleDouble: "macOS's AppleDouble companion of a file"
    case .zeros: "nothing but zeros"
    case .empty: "an empty file"
    case .folder: "a folder"
    case .unknown: "unknown bytes"
    }
  }

  /// Whether its bytes may be a text that somebody wrote as JSON; an empty file is the shortest.
  package var isText: Bool {
    switch self {
    case .json, .text, .empty: true
    default: false
    }
  }

  /// What can be done about it, whoever wants something of it; nil where that depends on what is wanted.
  package var remedy: String? {
    switch self {
    case .container(let kind): kind.advice
    case .gitLFSPointer: "run 'git lfs pull'"
    case .html: "the address showed a page instead of the file; fetch the file itself"
    case .xml: "often a server's reason for not sending the file; read it, and fetch the file itself"
    case .appleDouble: "name the file itself, without '._'"
    case .zeros: "the download was never finished; fetch the file again"
    case .empty: "the download never began; fetch the file again"
    case .folder: "name a file in it"
    case .hdf5, .safetensors, .model, .image, .json, .text, .pdf, .unknown: nil
    }
  }

  /// What whoever wants weights of it can do.
  var advice: String {
    switch self {
    case .hdf5: "convert it first"
    case .safetensors: "there is nothing to convert"
    case .model(let format): (format.canBeRead ? "not yet supported; " : "") + format.advice
    case .image, .pdf: "no weights are in it"
    case .json: "an architecture or a header, not weights"
    default: remedy ?? "fetch the file again"
    }
  }
}

extension FileKind.ModelFormat {
  var name: String {
    switch self {
    case .pyTorch, .legacyPyTorch: "pytorch"
    case .pickle: "pickle"
    case .keras: "keras-zip"
    case .numPy: "npy"
    case .numPyArchive: "npz"
    case .onnx: "onnx"
    case .tensorFlowLite: "tflite"
    case .gguf: "gguf"
    case .tensorFlowCheckpoint: "tensorflow-checkpoint"
    case .savedModel, .savedModelGraph: "savedmodel"
    case .frozenGraph: "tensorflow-graph"
    }
  }

  package var words: String {
    switch self {
    case .pyTorch: "a PyTorch file"
    case .legacyPyTorch: "a PyTorch file in the format of before 1.6"
    case .pickle: "a Python pickle"
    case .keras: "a zip archive as Keras 3 writes '.keras' files"
    case .numPy: "a NumPy file"
    case .numPyArchive: "a zip archive of NumPy arrays ('.npz')"
    case .onnx: "an ONNX model"
    case .tensorFlowLite: "a TensorFlow Lite model"
    case .gguf: "a GGUF file"
    case .tensorFlowCheckpoint: "the index of a TensorFlow checkpoint"
    case .savedModel: "a folder with a TensorFlow SavedModel"
    case .savedModelGraph: "the graph of a TensorFlow SavedModel, without its weights"
    case .frozenGraph: "a frozen graph of TensorFlow ('.pb')"
    }
  }

  /// Whether weights of it could be read; only they are missing here.
  package var canBeRead: Bool {
    ![.pickle, .gguf, .keras, .frozenGraph, .pyTorch, .legacyPyTorch, .numPyArchive, .onnx].contains(self)
  }

  /// What can be done with what is here.
  package var advice: String {
    switch self {
    case .pickle: "loading it may run any code, so it is not read; save the weights as legacy HDF5 ('.h5')"
    case .keras, .pyTorch, .legacyPyTorch, .numPyArchive, .onnx: "convert it first"
    case .numPy: "set them in the Keras model and run model.save_weights('model.weights.h5')"
    case .tensorFlowLite, .frozenGraph:
      "no command makes a Keras file of it; run model.save('model.keras') where the Keras model is that it was made from"
    case .gguf: "a language model, as a rule; no weights of a network for images are in it"
    case .tensorFlowCheckpoint:
      "build the model in Python with tf_keras (pip install tf_keras), and run model.load_weights('NAME') and"
        + " model.save_weights('weights.h5'), NAME without '.index'"
    case .savedModel:
      "run python -c \"import tf_keras; tf_keras.models.load_model('FOLDER').save('model.h5')\" (pip install tf_keras)"
    case .savedModelGraph:
      "name the folder that it is in, or run python -c \"import tf_keras;"
        + " tf_keras.models.load_model('FOLDER').save('model.h5')\" (pip install tf_keras)"
    }
  }
}

extension FileKind.ImageKind {
  var words: String {
    let article = ["AVIF", "ICO", "SVG"].contains(rawValue) ? "an" : "a"
    return "\(article) \(rawValue) image"
  }
}

extension FileKind.ContainerKind {
  var words: String {
    switch self {
    case .zip: "a zip archive"
    case .gzip: "a gzip-compressed file"
    case .tar: "a tar archive"
    case .bzip2: "a bzip2-compressed file"
    case .xz: "an xz-compressed file"
    case .zstandard: "a zstd-compressed file"
    case .rar: "a RAR archive"
    case .sevenZip: "a 7-Zip archive"
    }
  }

  var advice: String {
    let command: String? =
      switch self {
      case .zip, .rar, .sevenZip: nil
      case .gzip: "gunzip"
      case .tar: "tar -xf"
      case .bzip2: "bunzip2"
      case .xz: "unxz"
      case .zstandard: "unzstd"
      }
    return "unpack it first" + (command.map { " (\($0))" } ?? "")
  }
}
