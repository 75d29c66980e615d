import Files
import NumPyWeights
import TestSupport
import Tensors
import Testing
import WeightConversion

/// Archives of NumPy with Keras's names, or ours.
@Suite struct NumPyFormTests {
  private func open(_ name: String) throws -> NumPySource {
    try NumPySource(FileBytes(path: Repository.fixture("torch/forms/\(name)")))
  }

  @Test(arguments: ["archive.npz", "keras.npz"]) func layersAndRolesAreTold(name: String) throws {
    let source = try open(name)
    #expect(source.layers.map(\.name) == ["conv"])
    #expect(source.layers[0].tensors.map(\.role) == ["kernel", "bias"])
    #expect(source.layers[0].tensors[0].shape == [3, 2, 3, 4])
    let expected = try #require(TorchFormTests.expected["conv.bias"])
    let bytes = try #require(try TorchSweepTests.numbers(of: source).first { $0.key.contains("bias") }?.value)
    let found = stride(from: 0, to: bytes.count, by: 4).map { place in
      Float(bitPattern: bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
    #expect(found == expected.values.map { Float($0) })
  }

  @Test func namesOfPyTorchAreRefused() {
    #expect {
      try self.open("torch.npz")
    } throws: { error in
      "\(error)".contains("PyTorch's names (bn.weight)") && "\(error)".contains("torch.from_numpy")
    }
  }

  /// What is no number of weights: which array it is, what it holds, and what to do.
  @Test(arguments: [
    ("texts", "an array of texts (<U3)", "leave the array out"),
    ("objects", "an array of objects of Python", "leave the array out"),
    ("records", "an array of records, each with several fields", "save each field as an array of its own"),
    ("complex", "an array of complex numbers (<c8)", "save real and imaginary parts"),
    ("dates", "an array of dates or times", "leave the array out"),
    ("untyped", "as NumPy leaves bfloat16 (|V2)", "astype('float32')"),
  ])
  func whatIsNoNumberIsNamed(name: String, words: String, advice: String) {
    #expect {
      try NumPySource(FileBytes(path: Repository.fixture("torch/refused/\(name).npz")))
    } throws: { error in
      let sentence = "\(error)"
      return sentence.contains("\(name).npz/extra.npy") && sentence.contains(words)
        && sentence.contains(advice) && (error as? NumPyWeightsError)?.family == .unsupported
    }
  }

  /// As a transposed array is saved, and one of another machine.
  @Test(arguments: ["fortran.npz", "big_endian.npz", "big_endian_fortran.npz"])
  func anyOrderIsReadAsOurs(name: String) throws {
    let expected = try TorchSweepTests.numbers(of: open("archive.npz"))
    #expect(try TorchSweepTests.numbers(of: open(name)) == expected)
  }
}
