import Foundation
import Tensors
import TestSupport
import Testing

import TensorArchive

@Suite("Writing archives")
struct ArchiveWriterTests {
  @Test("What was written is read back, in canonical order")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo.safetensors").path
      try Sample.write(to: path)
      let archive = try Archive(contentsOf: path)
      #expect(archive.manifest == Sample.manifest)
      // Multiples of 64 bytes by name, then wide elements before narrow ones.
      #expect(archive.names == ["conv/kernel", "empty", "bn/count", "bn/beta", "conv/bias", "mask"])
      for (name, view) in Sample.tensors {
        let found = try archive.tensor(named: name)
        #expect(found.shape == view.shape)
        #expect(found.scalarType == view.scalarType)
        #expect(Sample.bytes(found) == Sample.bytes(view), "\(name)")
      }
      #expect(try archive.verify().isIntact)
    }
  }
}
