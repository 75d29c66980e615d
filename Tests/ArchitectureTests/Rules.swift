/// What the design promises, as data; the tests beside this file hold the sources to it.
enum Rules {
  /// A module's folder and all it may import; C modules of the system and of ours count too.
  struct Module {
    let folder: String
    let mayImport: Set<String>
  }

  /// What any module may import without saying so.
  static let language: Set<String> = ["Swift", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin"]

  private static let everything: Set<String> = [
    "Foundation", "Encoding", "Errors", "Files", "Machine", "Randomness", "Tensors", "TensorArchive",
    "Catalog",
    "Kernels", "Execution", "Images", "Datasets", "Training", "Reports", "WeightConversion", "KerasWeights",
    "TorchWeights", "NumPyWeights", "ONNX", "ModelZoo",
  ]

  /// The table of the design: arrows never point left. Tensors has no Foundation; only one module sees each
  /// C library, zlib apart, which unpacks here and sums there; nothing imports `CLI` or `Benchmarks`.
  static let modules = [
    Module(folder: "Sources/Errors", mayImport: []),
    Module(folder: "Sources/Randomness", mayImport: []),
    Module(folder: "Sources/Machine", mayImport: ["Foundation"]),
    Module(folder: "Sources/Tensors", mayImport: ["Errors"]),
    Module(folder: "Sources/Encoding", mayImport: ["Foundation"]),
    Module(
      folder: "Sources/Files",
      mayImport: ["Foundation", "Encoding", "Errors", "Tensors", "CZlib", "CDigests"]),
    Module(
      folder: "Sources/TensorArchive",
      mayImport: ["Foundation", "Machine", "Encoding", "Errors", "Files", "Tensors"]),
    Module(
      folder: "Sources/Catalog",
      mayImport: ["Foundation", "Encoding", "Errors", "Files", "Randomness", "Tensors", "CCatalog"]),
    Module(folder: "Sources/Kernels", mayImport: ["Foundation", "Machine", "Tensors", "CKernels"]),
    Module(
      folder: "Sources/Execution",
      mayImport: [
        "Foundation", "Machine", "Encoding", "Errors", "Tensors", "TensorArchive", "Catalog", "Kernels",
      ]),
    Module(
      folder: "Sources/Images",
      mayImport: ["Foundation", "Machine", "Encoding", "Errors", "Files", "Randomness", "Tensors", "CImages"]),
    Module(
      folder: "Sources/Datasets",
      mayImport: ["Foundation", "Encoding", "Errors", "Files", "Randomness", "Tensors", "Images"]),
    // Heads are layers of the catalogue, and compute their activations as backbones do.
    Module(
      folder: "Sources/Training",
      mayImport: [
        "Foundation", "Machine", "Encoding", "Errors", "Randomness", "Tensors", "Catalog", "Kernels",
        "Execution",
      ]),
    Module(folder: "Sources/Reports", mayImport: ["Foundation", "Encoding"]),
    Module(
      folder: "converters/HDF5", mayImport: ["Foundation", "Encoding", "Errors", "Files", "Tensors", "CZlib"]),
    Module(
      folder: "converters/HDF5Writing",
      mayImport: ["Foundation", "Errors", "Files", "Tensors", "HDF5", "CHDF5"]),
    // Knows no format, and no format knows another.
    Module(
      folder: "converters/Conversion",
      mayImport: [
        "Foundation", "Machine", "Encoding", "Errors", "Files", "Tensors", "TensorArchive", "Catalog",
      ]),
    Module(
      folder: "converters/Keras",
      mayImport: [
        "Foundation", "Encoding", "Errors", "Files", "Tensors", "TensorArchive", "Catalog",
        "WeightConversion",
        "HDF5", "HDF5Writing",
      ]),
    Module(
      folder: "converters/Torch",
      mayImport: [
        "Foundation", "Encoding", "Errors", "Files", "Tensors", "TensorArchive", "Catalog",
        "WeightConversion",
      ]),
    Module(
      folder: "converters/NumPy",
      mayImport: ["Foundation", "Encoding", "Errors", "Files", "Tensors", "Catalog", "WeightConversion"]),
    Module(
      folder: "converters/ONNX",
      mayImport: ["Foundation", "Encoding", "Errors", "Files", "Tensors", "Catalog", "WeightConversion"]),
    Module(folder: "Sources/ModelZoo", mayImport: everything.subtracting(["ModelZoo"])),
    Module(folder: "Sources/CLI", mayImport: ["Foundation", "ModelZoo", "Reports"]),
    Module(folder: "Sources/Benchmarks", mayImport: everything),
  ]

  /// What a network is made of before a machine is looked at: knows no kernels, so that another machine is another folder.
  static let machineFree = [
    "Sources/Execution/Dataflow", "Sources/Execution/Lowering", "Sources/Execution/Passes",
  ]

  /// Where two hyphens may begin a word in a text: programs, which have command lines, a style sheet, and what runs another program.
  static let mayNameOptions = [
    "Sources/CLI/", "Sources/Benchmarks/", "Sources/Reports/Page/PageStyle.swift",
    "Sources/ModelZoo/Fetching/CurlTransfer.swift",
  ]

  /// The only Swift files with unsafe code: each wraps one thing and lends it safely.
  static let mayBeUnsafe: Set<String> = [
    "Sources/CLI/Framework/Interruptions.swift",
    "Sources/CLI/Framework/StandardStream.swift",
    "Sources/Catalog/EmbeddedFile.swift",
    "Sources/Files/ByteCopying.swift",
    "Sources/Files/Destination.swift",
    "Sources/Files/Digests.swift",
    "Sources/Files/FileDescriptor.swift",
    "Sources/Files/FileIdentity.swift",
    "Sources/Files/Kind/FileFacts.swift",
    "Sources/Files/OutputFolder.swift",
    "Sources/Files/SystemError.swift",
    "Sources/Files/SystemPath.swift",
    "Sources/Files/TemporaryFile.swift",
    "Sources/Files/Zip/Inflater.swift",
    "Sources/Images/Codecs/LibraryDecoding.swift",
    "Sources/Images/Codecs/LibraryVersions.swift",
    "Sources/Images/Codecs/PNGEncoding.swift",
    "Sources/Images/Resampling/ResamplingPasses.swift",
    "Sources/Kernels/ByteBuffer.swift",
    "Sources/Kernels/KernelVariant.swift",
    "Sources/Kernels/MachinePeak.swift",
    "Sources/Machine/MemoryLimit.swift",
    "Sources/Kernels/MatrixMultiply.swift",
    "Sources/Kernels/ElementwiseFunctions.swift",
    "Sources/Kernels/Gradients/ChannelKernels.swift",
    "Sources/Kernels/Gradients/ElementwiseGradients.swift",
    "Sources/Kernels/Gradients/GradientTable.swift",
    "Sources/Kernels/Gradients/TrainedConvolution.swift",
    "Sources/Kernels/Gradients/TrainedConvolution+KernelGradient.swift",
    "Sources/Kernels/Gradients/TrainedConvolution+Winograd.swift",
    "Sources/Kernels/Gradients/TrainedDepthwise.swift",
    "Sources/Kernels/Gradients/TrainedPooling.swift",
    "Sources/Kernels/Operations/BilinearStep.swift",
    "Sources/Kernels/Operations/ChannelStep.swift",
    "Sources/Kernels/Operations/Connection.swift",
    "Sources/Kernels/Operations/ConstantStep.swift",
    "Sources/Kernels/Operations/ConvolutionStep.swift",
    "Sources/Kernels/Operations/CopyStep.swift",
    "Sources/Kernels/Operations/DepthwiseStep.swift",
    "Sources/Kernels/Operations/ElementwiseStep.swift",
    "Sources/Kernels/Operations/GatherStep.swift",
    "Sources/Kernels/Operations/PixelSource.swift",
    "Sources/Kernels/Operations/PointwiseStep.swift",
    "Sources/Kernels/Operations/PoolingStep.swift",
    "Sources/Kernels/Operations/SpaceToDepthStep.swift",
    "Sources/Kernels/Operations/StandardizationStep.swift",
    "Sources/Kernels/Operations/StrassenStep.swift",
    "Sources/Kernels/Operations/StridedPixels.swift",
    "Sources/Kernels/Operations/WinogradStep.swift",
    "Sources/Kernels/PackedWeights.swift",
    "Sources/Kernels/ParameterUpdates.swift",
    "Sources/Kernels/Partition.swift",
    "Sources/Kernels/Window.swift",
    "Sources/Kernels/WinogradForm.swift",
    "Sources/Kernels/Workspace.swift",
    "Sources/ModelZoo/Cache/FeatureCache+Contents.swift",
    "Sources/ModelZoo/Features/FeatureFileFormat.swift",
    "Sources/Tensors/ElementReading.swift",
    "Sources/Tensors/HeapStorage.swift",
    "Sources/Tensors/ScalarConversion.swift",
    "Sources/Tensors/TensorView.swift",
    "Sources/Tensors/ValueCounts.swift",
    "Sources/Training/Loop/Rows.swift",
    "converters/Conversion/KernelTransform.swift",
    "converters/Conversion/TensorStream.swift",
    "converters/HDF5/Storage/ByteCopying.swift",
    "converters/HDF5/Storage/Inflater.swift",
    "converters/HDF5Writing/HDF5Writer.swift",
    "converters/HDF5Writing/Library.swift",
  ]

  /// The only files of `Catalog` and `Execution` with a `default:`, none of them over operations or over work: what is
  /// forgotten there must not compile.
  static let mayHaveDefaults: Set<String> = [
    "Sources/Catalog/Draft/FlatArchitecture.swift", "Sources/Catalog/Draft/FunctionCall.swift",
    "Sources/Catalog/Draft/FunctionCall+Arithmetic.swift", "Sources/Catalog/Draft/JSONValue.swift",
    "Sources/Catalog/Draft/KerasFunction.swift", "Sources/Catalog/Entry/EntryReader.swift",
    "Sources/Catalog/Entry/JSONLocator.swift", "Sources/Catalog/Entry/JSONText.swift",
    "Sources/Catalog/SyntheticWeights.swift",
  ]

  /// Networks are data: `zoo/` names them, code does not.
  static let modelNames = [
    "resnet", "vgg", "xception", "inception", "squeezenet", "mobilenet", "densenet", "nasnet", "efficientnet",
    "convnext",
  ]

  /// What may lie at the top, besides what version control and the build keep for themselves.
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "zoo", "converters", "README.md", "Makefile", "LICENSE",
    "CHANGELOG.md", "SECURITY.md", ".swift-format", ".gitignore", ".ci",
  ]

  /// What a script writes: tables as long as what they list.
  static let tables: Set<String> = ["Sources/CCatalog/catalog.c"]

  /// Lines: of a file, of a function, and the middle of all of each.
  static let longestFile = 400
  static let longestFunction = 60
  static let medianFile = 120
  static let medianFunction = 8
}
