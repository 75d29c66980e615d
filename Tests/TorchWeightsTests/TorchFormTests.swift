import Errors
import Files
import Foundation
import TestSupport
import Tensors
import Testing
import TorchWeights
import WeightConversion

/// What PyTorch and safetensors write is read as what it is, number by number.
@Suite struct TorchFormTests {
  /// A tensor as PyTorch had it.
  struct Expected: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  static let expected: [String: Expected] = {
    let url = URL(fileURLWithPath: Repository.fixture("torch/forms.json"))
    return (try? JSONDecoder().decode([String: Expected].self, from: Data(contentsOf: url))) ?? [:]
  }()

  static func open(_ name: String) throws -> TorchSource {
    let path = Repository.fixture("torch/forms/\(name)")
    return try #require(try TorchWeights.open(FileBytes(path: path), FileFacts(path: path).kind))
  }

  @Test(arguments: [
    "zip.pth", "legacy.pth", "protocol4.pth", "dictionary.pth", "parameters.pth", "weights.safetensors",
    "channels_last.pth",
    "channels_last_legacy.pth", "shared.pth", "double.pth", "parallel.pth", "lightning.ckpt", "averaged.pth",
    "swa.pth", "part.ckpt",
  ])
  func everyNumberIsRead(name: String) throws {
    try expectNumbers(Self.open(name), tolerance: 0, name)
  }

  @Test(
    arguments: [
      ("half.pth", .float16, 1.0 / 1024), ("bfloat.pth", .bfloat16, 1.0 / 128),
    ] as [(String, ScalarType, Double)])
  func numbersOfTwoBytesStayWhatTheyAre(name: String, type: ScalarType, tolerance: Double) throws {
    let source = try Self.open(name)
    #expect(
      source.layers.flatMap(\.tensors).filter { $0.role != "count" }.allSatisfy { $0.scalarType == type })
    try expectNumbers(source, tolerance: tolerance, name)
  }

  private func expectNumbers(_ source: TorchSource, tolerance: Double, _ name: String) throws {
    let wanted = Self.expected.filter { !$0.key.hasSuffix("num_batches_tracked") }
    var found: Set<String> = []
    for tensor in source.layers.flatMap(\.tensors) where tensor.scalarType.isFloatingPoint {
      let expected = try #require(wanted[tensor.name], "\(name): \(tensor.name)")
      #expect(tensor.shape.dimensions == expected.shape, "\(name): \(tensor.name)")
      let storage = try #require(
        try HeapStorage(byteCount: tensor.byteCount, fill: { try source.read(tensor, into: &$0) }))
      let view = try #require(
        TensorView(
          shape: tensor.shape, scalarType: tensor.scalarType, storage: storage, range: 0..<tensor.byteCount))
      for (value, other) in zip(try #require(view.floats()), expected.values) {
        #expect(
          abs(Double(value) - Double(Float(other))) <= tolerance * max(1, abs(other)),
          "\(name): \(tensor.name)")
      }
      found.insert(tensor.name)
    }
    #expect(found == Set(wanted.keys), "\(name)")
  }

  /// Names tell what a tensor is, and so do its neighbours.
  @Test func rolesAreTold() throws {
    let layers = try Self.open("zip.pth").layers
    #expect(layers.map(\.name) == ["conv", "bn", "depthwise", "fc"])
    #expect(layers[0].tensors.map(\.role) == ["kernel", "bias"])
    #expect(layers[1].tensors.map(\.role) == ["gamma", "beta", "moving_mean", "moving_variance", "count"])
  }

  /// Where weights were found is said.
  @Test(arguments: [
    ("parallel.pth", ["the weights are those under 'state_dict'", "every name begins with 'module.'"]),
    (
      "lightning.ckpt",
      ["the weights are those under 'state_dict'", "every name begins with 'model._orig_mod.'"]
    ),
    ("swa.pth", ["every name begins with 'module.'"]),
    ("part.ckpt", ["the weights are those under 'state_dict'", "every name begins with 'encoder.net.'"]),
    (
      "averaged.pth",
      ["the weights are those under 'state_dict_ema'; those under 'state_dict' are left aside"]
    ),
  ])
  func wrappersAreSaid(name: String, sentences: [String]) throws {
    let notes = try Self.open(name).facts.notes
    #expect(notes.count == sentences.count)
    for (note, sentence) in zip(notes, sentences) { #expect(note.hasPrefix(sentence), "\(note)") }
  }

  /// Of a checkpoint with objects of Python beside its weights, the advice names the key that has most tensors.
  @Test(arguments: [
    ("namespace", "torch.save(c['model'], 'weights.pth'), where the tensors are"),
    ("namespace_first", "torch.save(c['net'], 'weights.pth'), where the tensors are"),
    ("namespace_alone", "torch.save(c['state_dict'], 'weights.pth')"),
  ])
  func theKeyOfTheWeightsIsNamed(name: String, advice: String) {
    let path = Repository.fixture("torch/refused/\(name).pth")
    #expect {
      try TorchWeights.open(FileBytes(path: path), FileFacts(path: path).kind)
    } throws: { error in
      "\(error)".contains("asks for argparse.Namespace") && "\(error)".contains(advice)
        && (error as? TorchWeightsError)?.family == .unsupported
    }
  }

  /// What runs and is no weights: which it is, and how its weights are saved.
  @Test(arguments: [
    ("script.pt", "a program of TorchScript", "m = torch.jit.load"),
    ("program.pt2", "torch.export.save wrote", "m = torch.export.load"),
  ])
  func programsAreRefused(name: String, words: String, advice: String) throws {
    let path = Repository.fixture("torch/forms/\(name)")
    #expect {
      try TorchWeights.open(FileBytes(path: path), FileFacts(path: path).kind)
    } throws: { error in
      "\(error)".contains(words) && "\(error)".contains(advice)
        && (error as? TorchWeightsError)?.family == .unsupported
    }
  }

  @Test(
    arguments: [
      ("whole.pth", "asks for torch.nn.modules.container.Sequential", .unsupported),
      (
        "quantized.pth", "quantized tensors: not supported; save the weights as they were before they",
        .unsupported
      ),
      ("sparse.pth", "sparse tensors: not supported; save them as usual numbers", .unsupported),
      ("complex.pth", "complex numbers: not supported", .unsupported),
      ("float8.pth", "numbers of 8 bits (float8_e4m3fn): not supported", .unsupported),
      ("expanded.pth", "as expand() makes it", .unsupported),
      ("settings.pth", "asks for __main__.Settings", .unsupported),
      ("empty.pth", "found a dictionary with the keys epoch, loss", .malformed),
      ("tensor.pth", "found one tensor (4, 3, 3, 2) without a name", .malformed),
    ] as [(String, String, ErrorFamily)])
  func refusalsSayWhatThereIs(name: String, words: String, family: ErrorFamily) throws {
    #expect {
      try Self.open(name)
    } throws: { error in
      "\(error)".contains(words) && (error as? any ZooError)?.family == family
    }
  }
}
