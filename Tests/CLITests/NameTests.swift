import CLI
import Foundation
import TestSupport
import Testing

/// Names that are not UTF-8.
@Suite struct NameTests {
  #if os(Linux)
    /// Two classes of the names that old archives leave behind: bytes of GBK and of Latin-1, no UTF-8.
    @Test func namesInAnyBytesAreReadAsTheyAre() throws {
      try withTemporaryFolder { folder in
        let place = try TrainingPlace(folder)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = [
          "-c",
          """
          cd '\(folder.path)' && b=$(printf '\\271\\267') && e=$(printf 'caf\\351 1.png') &&
          mv images/circles "images/$b" && mv "images/$b/0001.png" "images/$b/$e" &&
          mkdir "images/$b/more$b" && cp "images/$b/$e" "images/$b/more$b/x.png" &&
          printf 'filename,class\\nimages/%s/%s,%s\\nimages/stripes/0000.png,s\\n' "$b" "$e" "$b" > list.csv
          """,
        ]
        try shell.run()
        shell.waitUntilExit()
        let features = Outcome([
          "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "-o",
          place.path("f.npy"),
        ])
        #expect(features.code == .success, "\(features.errors)")
        let table = try String(contentsOfFile: place.path("f.npy.csv"), encoding: .utf8)
        let listed = table.split(whereSeparator: \.isNewline).map(String.init)
        // Python has bytes that are no characters behind all of ASCII.
        #expect(listed[1] == "noise/0000.png,0,noise" && listed.count == 17)
        #expect(listed[11...12] == ["\\xB9\\xB7/0000.png,2,\\xB9\\xB7", "\\xB9\\xB7/0002.png,2,\\xB9\\xB7"])
        #expect(
          listed[15...] == [
            "\\xB9\\xB7/caf\\xE9 1.png,2,\\xB9\\xB7", "\\xB9\\xB7/more\\xB9\\xB7/x.png,2,\\xB9\\xB7",
          ])
        let outcome = Outcome([
          "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("list.csv"),
          "--head",
          "linear", "--size", "64", "--epochs", "1", "--no-cache", "--no-report", "-o",
          place.path("model.safetensors"),
        ])
        #expect(outcome.code == .success, "\(outcome.errors)")
        let predicted = Outcome(["predict", place.path("model.safetensors"), place.path("images"), "--json"])
        #expect(predicted.output.contains("caf\\\\xE9 1.png") && !predicted.errors.contains("skipped"))
      }
    }
  #endif
}
