// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Every Swift target is built alike: strict memory safety, no warning left unread.
let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

/// A library module of ours under `Sources/`, or elsewhere with `path:`.
func module(
  _ name: String, _ dependencies: [String], path: String? = nil, exclude: [String] = [],
  libraries: [String] = ["m"]
) -> Target {
  .target(
    name: name, dependencies: dependencies.map { .byName(name: $0) }, path: path, exclude: exclude,
    swiftSettings: swift,
    linkerSettings: libraries.map { .linkedLibrary($0, .when(platforms: [.linux])) })
}

func cModule(_ name: String, _ dependencies: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies.map { .byName(name: $0) }, cSettings: c)
}

/// A C system library found with pkg-config.
func system(_ name: String, path: String? = nil, pkgConfig: String?, apt: String, brew: String) -> Target {
  .systemLibrary(name: name, path: path, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

func tests(_ name: String, _ dependencies: [String], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: (dependencies + ["TestSupport"]).map { .byName(name: $0) },
    exclude: exclude, swiftSettings: swift)
}

/// Whether HDF5 1.10 is here as Debian and Ubuntu have it, to be linked as an archive of objects. The shared library needs
/// thirty more, for files on the network, and a process spends more time on loading those than on all its own.
let hasHDF5Archive = ["x86_64", "aarch64"].contains { processor in
  ["hdf5_serial.so.103", "hdf5_serial.a", "sz.so"].allSatisfy { library in
    FileManager.default.fileExists(atPath: "/usr/lib/\(processor)-linux-gnu/lib\(library)")
  }
}

let package = Package(
  name: "model-zoo",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "ModelZoo", targets: ["ModelZoo"]),
    .executable(name: "zoo", targets: ["CLI"]),
    .executable(name: "zoo-bench", targets: ["Benchmarks"]),
  ],
  targets: [
    // The catalog: the files of zoo/, compiled into one C file.
    cModule("CCatalog"),

    // Foreign formats.
    system(
      "CHDF5", path: "converters/CHDF5", pkgConfig: hasHDF5Archive ? nil : "hdf5", apt: "libhdf5-dev",
      brew: "hdf5"),
    module("HDF5", ["Encoding", "Errors", "Files", "Tensors", "CZlib"], path: "converters/HDF5"),
    module(
      "HDF5Writing", ["HDF5", "CHDF5", "Files", "Tensors"], path: "converters/HDF5Writing",
      libraries: hasHDF5Archive ? [":libhdf5_serial.a", "sz", "z", "m"] : ["m"]),
    module(
      "WeightConversion", ["Machine", "Catalog", "TensorArchive", "Encoding", "Errors", "Files", "Tensors"],
      path: "converters/Conversion"),
    module(
      "KerasWeights",
      [
        "WeightConversion", "HDF5", "HDF5Writing", "Catalog", "Encoding", "TensorArchive", "Errors", "Files",
        "Tensors",
      ],
      path: "converters/Keras"),

    module(
      "TorchWeights",
      ["WeightConversion", "Catalog", "TensorArchive", "Encoding", "Errors", "Files", "Tensors"],
      path: "converters/Torch"),
    module(
      "NumPyWeights", ["WeightConversion", "Catalog", "Encoding", "Errors", "Files", "Tensors"],
      path: "converters/NumPy"),
    module(
      "ONNX", ["WeightConversion", "Catalog", "Encoding", "Errors", "Files", "Tensors"],
      path: "converters/ONNX"),

    // The house.
    module("Errors", []),
    module("Randomness", []),
    module("Machine", []),
    module("Tensors", ["Errors"]),
    module("Encoding", []),
    system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev", brew: "zlib"),
    cModule("CDigests"),
    module("Files", ["Encoding", "Errors", "Tensors", "CZlib", "CDigests"]),
    module("TensorArchive", ["Machine", "Encoding", "Errors", "Files", "Tensors"], exclude: ["Format.md"]),
    module("Catalog", ["Encoding", "Errors", "Files", "Randomness", "Tensors", "CCatalog"]),
    cModule("CKernels"),
    module("Kernels", ["Machine", "Tensors", "CKernels"]),
    module("Execution", ["Machine", "Catalog", "Encoding", "Errors", "Kernels", "TensorArchive", "Tensors"]),
    system("CJPEG", pkgConfig: "libjpeg", apt: "libjpeg62-turbo-dev", brew: "jpeg-turbo"),
    system("CPNG", pkgConfig: "libpng", apt: "libpng-dev", brew: "libpng"),
    system("CTIFF", pkgConfig: "libtiff-4", apt: "libtiff-dev", brew: "libtiff"),
    system("CWebP", pkgConfig: "libwebpdemux", apt: "libwebp-dev", brew: "webp"),
    cModule("CImages", ["CJPEG", "CPNG", "CTIFF", "CWebP"]),
    module("Images", ["Machine", "Encoding", "Errors", "Files", "Randomness", "Tensors", "CImages"]),
    module("Datasets", ["Encoding", "Errors", "Files", "Images", "Randomness", "Tensors"]),
    module(
      "Training",
      ["Machine", "Catalog", "Encoding", "Errors", "Execution", "Kernels", "Randomness", "Tensors"]),
    module("Reports", ["Encoding"]),
    module(
      "ModelZoo",
      [
        "Encoding", "Errors", "Files", "Machine", "Randomness", "Tensors", "TensorArchive", "Catalog",
        "Kernels",
        "Execution", "Images", "Datasets", "Training", "Reports", "WeightConversion", "KerasWeights",
        "TorchWeights", "NumPyWeights", "ONNX",
      ]),
    .executableTarget(name: "CLI", dependencies: ["ModelZoo", "Reports"], swiftSettings: swift),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "ModelZoo", "Encoding", "Errors", "Files", "Randomness", "Tensors", "Catalog", "Kernels",
        "Execution", "Images", "TensorArchive", "Reports",
      ],
      swiftSettings: swift),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Catalog", "Errors", "Tensors"], path: "Tests/TestSupport",
      swiftSettings: swift),
    tests("Randomness", ["Randomness"]),
    tests("Machine", ["Machine"]),
    tests("Tensors", ["Randomness", "Tensors"]),
    tests("Encoding", ["Encoding"]),
    tests("Files", ["Encoding", "Files"]),
    tests("TensorArchive", ["TensorArchive", "Encoding", "Files", "Tensors"]),
    tests("Catalog", ["Catalog", "CCatalog", "Tensors"]),
    tests("HDF5", ["HDF5", "HDF5Writing", "CHDF5", "Files", "Tensors"], exclude: ["check"]),
    tests(
      "KerasWeights",
      [
        "KerasWeights", "WeightConversion", "HDF5", "Catalog", "TensorArchive", "Errors", "Files", "Tensors",
      ]),
    tests(
      "TorchWeights",
      [
        "TorchWeights", "NumPyWeights", "KerasWeights", "WeightConversion", "ModelZoo", "Catalog",
        "TensorArchive", "Errors", "Files", "Tensors",
      ]),
    tests(
      "ONNX",
      [
        "ONNX", "ModelZoo", "WeightConversion", "Catalog", "TensorArchive", "Encoding", "Errors", "Files",
        "Tensors",
      ]),
    tests("Kernels", ["Kernels", "CKernels", "Randomness", "Tensors"]),
    tests("Execution", ["Execution", "Kernels", "Catalog", "TensorArchive", "Tensors"]),
    tests("Images", ["Images", "Datasets", "Files", "Randomness", "Tensors"]),
    tests("Datasets", ["Datasets", "Files", "Images", "Randomness", "Tensors"]),
    tests("Training", ["Training", "Kernels", "Catalog", "Randomness", "Tensors"]),
    tests("Reports", ["Reports"]),
    tests(
      "ModelZoo",
      [
        "ModelZoo", "Errors", "Files", "Randomness", "Tensors", "TensorArchive", "Catalog", "Execution",
        "Images", "Datasets", "Training", "KerasWeights", "WeightConversion",
      ]),
    tests("CLI", ["CLI", "ModelZoo", "Catalog", "TensorArchive", "Errors", "Files", "Tensors", "Images"]),
    tests("Architecture", []),
    .testTarget(
      name: "Tutorials",
      dependencies: [
        "ModelZoo", "Images", "Datasets", "KerasWeights", "WeightConversion", "Catalog", "TestSupport",
      ],
      path: "Tests/Tutorials", swiftSettings: swift),
  ],
  cLanguageStandard: .c2x
)

// The fuzzer, for `make fuzz` alone: its main program is the sanitizer's.
if Context.environment["ZOO_FUZZ"] != nil {
  package.products.append(.executable(name: "Fuzz", targets: ["Fuzz"]))
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Catalog", "Datasets", "Errors", "Files", "HDF5", "Images", "ModelZoo", "NumPyWeights", "ONNX",
        "TensorArchive",
        "Tensors", "TorchWeights", "Training", "WeightConversion",
      ].map { .byName(name: $0) },
      path: "Tests/Fuzz",
      exclude: ["README.md", "run", "seed.csv", "seed.tsv", "seed.jsonl", "training", "listings", "shards"],
      swiftSettings: swift))
}
