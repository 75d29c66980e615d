import CLI
import Foundation
import ModelZoo
import TestSupport
import Testing

/// `zoo fetch`, as a user types it, from a server on this machine.
@Suite struct FetchVerbTests {
  /// A weight file that is published under an entry of a folder's own.
  private static func withPublication(
    _ body: (_ server: LoopbackServer, _ options: [String], _ path: (String) -> String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      #expect(
        Outcome([
          "synthesize", "squeezenet", "--weight-set", "rcmalli-tf", "-o", path("source.h5"), "--quiet",
        ]).code == .success)
      let content = [UInt8](try Data(contentsOf: folder.appending(path: "source.h5")))
      let digests = try FileDigests(contentsOf: path("source.h5"))
      let own = Repository.root.appending(path: "zoo/squeezenet")
      let entry = folder.appending(path: "zoo/squeezenet")
      try FileManager.default.createDirectory(
        at: entry.appending(path: "weights"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: own.appending(path: "model.json"), to: entry.appending(path: "model.json"))
      // What it shares with another set.
      try FileManager.default.copyItem(
        at: own.appending(path: "weights/deepcognition-tf.json"),
        to: entry.appending(path: "weights/deepcognition-tf.json"))
      let text = try String(contentsOf: own.appending(path: "weights/rcmalli-tf.json"), encoding: .utf8)
        .replacing("3032184", with: "\(content.count)")
        .replacing("17c944bfcc0e04c6661806fb3a994a4a", with: digests.md5)
        .replacing("2d935d8c102ad1232484a77da8e6fbdf3ff4ab608974a0d8b6283115ffff204f", with: digests.sha256)
      try text.write(
        to: entry.appending(path: "weights/rcmalli-tf.json"), atomically: true, encoding: .utf8)
      let server = try LoopbackServer { _ in
        [.text("HTTP/1.1 200 OK\r\nContent-Length: \(content.count)\r\n\r\n"), .bytes(content)]
      }
      try body(server, ["--zoo", path("zoo"), "--mirror", server.address], path)
    }
  }

  @Test(.enabled(if: LoopbackServer.hasCurl, "curl is not on this system")) func fetchesAndConverts() throws {
    try Self.withPublication { server, options, path in
      let words = ["fetch", "squeezenet", "-o", path("w.h5"), "--quiet"] + options
      let outcome = Outcome(words + ["--convert", path("a.zoo.safetensors")])
      #expect(outcome.code == .success && outcome.errors == "", "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.first?.hasPrefix("\(path("w.h5")): squeezenet, weight set rcmalli-tf, ") == true)
      #expect(lines.first?.hasSuffix(", as published") == true)
      #expect(lines.last?.hasPrefix("\(path("a.zoo.safetensors")): 50 tensors") == true)
      let again = Outcome(words + ["--offline", "--json"])
      let facts = try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any]
      #expect(facts?["verified"] as? Bool == true && facts?["address"] is NSNull)
      #expect(server.requests.count == 1)
      // Into a folder under the network's name.
      try FileManager.default.createDirectory(atPath: path("folder"), withIntermediateDirectories: false)
      #expect(Outcome(words + ["--offline", "--convert", path("folder")]).code == .success)
      #expect(FileManager.default.fileExists(atPath: path("folder/squeezenet.zoo.safetensors")))
      // What is known of the published file is not proved to be otherwise.
      let wish = ["convert", path("w.h5"), "-o", path("wish"), "--kernels", "theano"] + options.prefix(2)
      #expect(Outcome(wish).code == .success)
      let proved = Outcome(wish + ["--prove"])
      #expect(proved.code == .data && proved.errors.contains("order tensorflow, and theano was asked for"))
    }
  }

  /// Without a name of one's own the file is in the folder for caches.
  @Test(.enabled(if: LoopbackServer.hasCurl, "curl is not on this system")) func filesAreCached() throws {
    try Self.withPublication { server, options, path in
      let words = ["fetch", "squeezenet", "--quiet"] + options
      for _ in 0..<2 {
        let outcome = Outcome(words, environment: ["XDG_CACHE_HOME": path("cache")])
        #expect(outcome.code == .success, "\(outcome.errors)")
      }
      #expect(server.requests.count == 1)
      let set = path("cache/model-zoo/weights/squeezenet/rcmalli-tf")
      let files = try FileManager.default.contentsOfDirectory(atPath: set)
      #expect(files.count == 1)
    }
  }

  @Test func whatCannotBeFetchedIsSaid() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "w.h5").path
      func expect(_ words: [String], _ code: ExitCode, _ sentence: String) {
        let outcome = Outcome(["fetch"] + words + ["-o", file])
        #expect(outcome.code == code && outcome.errors.contains(sentence), "\(outcome.errors)")
      }
      expect(["vgg16", "--offline"], .missing, "is not there, and nothing was to be fetched")
      expect(["vgg16", "--offline"], .missing, "(without --offline: zoo fetch vgg16 -o \(file))")
      expect(
        ["vgg16", "--offline"], .missing,
        "\(file): the published file vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5 is not there")
      expect(["vgg16", "--weight-set", "x"], .missing, "choose one of v0.1-tf, v0.1-th (--weight-set)")
      expect(
        ["vgg16", "--mirror", "file:///tmp"], .unsupported, "expected an address that begins with https://")
      expect(["squeezenet", "--weight-set", "deepcognition-tf"], .missing, "or name a mirror (--mirror URL)")
      expect(["nowhere"], .missing, "nowhere")
      let converted = Outcome(["convert", "vgg16", "-o", folder.appending(path: "a.zoo.safetensors").path])
      #expect(
        converted.code == .missing && converted.errors.contains("zoo fetch vgg16 gets its published weights"))
    }
  }
}
