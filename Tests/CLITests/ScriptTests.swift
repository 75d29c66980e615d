import CLI
import Foundation
import TestSupport
import Testing

/// `zoo script`.
@Suite struct ScriptTests {
  private static let features = [
    "--", "features", "net.zoo.safetensors", "my photos", "it's", "-o", "features",
  ]

  private func script(_ words: String, _ features: [String] = Self.features) -> Outcome {
    Outcome(["script"] + words.split(separator: " ").map(String.init) + features)
  }

  /// The scripts are files under `Tests/Fixtures/cli`; `Tests/Engines` runs them.
  @Test(arguments: [
    (
      "slurm",
      "slurm --shards 64 --merge all.npy --cpus 8 --memory 500M --at-once 16 --partition p1 --account a"
    ),
    ("slurm-alone", "slurm --shards 7 --time 1-12:00:00"),
    (
      "kubernetes", "kubernetes --shards 64 --merge all.npy --at-once 8 --image registry/zoo:1 --claim photos"
    ),
    ("kubernetes-alone", "kubernetes --shards 7 --image zoo --claim photos --mount /images --memory 2G"),
    ("parallel", "parallel --shards 6 --merge all.npy --cpus 2"),
    ("parallel-alone", "parallel --shards 6 --cpus 1 --at-once 3"),
  ])
  func scriptsAreAsReviewed(name: String, words: String) throws {
    let outcome = script(words)
    #expect(outcome.code == .success && outcome.errors.isEmpty, "\(outcome)")
    try expectGolden(outcome.output, "cli/script-\(name).txt")
  }

  @Test func whatTheCommandLineSaysIsKept() {
    let own = ["--", "features", "a", "b", "-o", "d", "--threads=3", "--cache", "c"]
    let slurm = script("slurm --shards 2", own).output
    #expect(slurm.contains("zoo features a b -o d --threads=3 --cache c --shards 2 &"), "\(slurm)")
    let kubernetes = script("kubernetes --shards 2 --image i --claim c", own).output
    #expect(kubernetes.contains(#""--threads=3", "--cache", "c", "--shards", "2"]"#), "\(kubernetes)")
    let archives = ["--", "features", "a", "d/{0..9}.tar", "-o", "d", "--shard-by", "archive"]
    #expect(script("slurm --shards 10", archives).output.contains("--shard-by archive --shards 10"))
    let tooMany = script("slurm --shards 11", archives)
    #expect(
      tooMany.code == .data && tooMany.errors.contains("11 shards: expected at most one for each archive"))
    let braces = ["--", "features", "a", "d/{000..999}.tar", "-o", "$(X) $$"]
    #expect(script("parallel --shards 2", braces).output.contains("'d/{000..999}.tar'"))
    #expect(script("kubernetes --shards 2 --image i --claim c", braces).output.contains(#""$$(X) $$$$""#))
  }

  /// A shell reads every script that is for one, whatever the names in it.
  @Test func shellsReadTheScripts() throws {
    let names = ["a b", "it's", "$(touch x)", "`x`", "\"q\"", "\\", ";", "*", "#", "é", "SHARD"]
    for words in ["slurm --shards 3 --merge m.npy", "parallel --shards 3 --merge m.npy"] {
      for name in names {
        let text = script(words, ["--", "features", name, name, "-o", name]).output
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-n"]
        process.standardInput = input
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
      }
    }
  }

  @Test(arguments: [
    ("cron --shards 2", "features a b -o d", "one of slurm, kubernetes, parallel"),
    ("slurm", "features a b -o d", "--shards"), ("slurm --shards 0", "features a b -o d", "from 1 to"),
    ("slurm --shards 2", "train a", "expected the command line of zoo features behind --, found train first"),
    ("slurm --shards 2", "features a b", "--output"),
    ("slurm --shards 2", "features a b -o d.npy", "a folder"),
    ("slurm --shards 2", "features a b -o d --shard 0/2", "leave them out"),
    ("slurm --shards 2", "features a b -o d --shards 2", "leave them out"),
    ("slurm --shards 2", "features a b -o d --no-cache", "goes on from the cache"),
    ("slurm --shards 2", "features a b -o d --nonsense", "--nonsense"),
    ("slurm --shards 2", "features a - -o d", "list the images first: zoo listing - -o all.jsonl"),
    ("parallel --shards 2", "features a {shard} -o d", "cannot hold {shard}"),
    ("parallel --shards 2", "features a im{#} -o d", "cannot hold im{#}"),
    ("parallel --shards 2", "features a b -o out{%}", "cannot hold out{%}"),
    ("parallel --shards 2", "features a {=die=} -o d", "cannot hold {=die=}"),
    ("kubernetes --shards 2 --image i --claim A_B", "features a b -o d", "small letters"),
    ("parallel --shards 2 --time 1:00", "features a b -o d", "--time: is of slurm alone"),
    ("slurm --shards 2 --time soon", "features a b -o d", "days-hours:minutes:seconds"),
    ("slurm --shards 2 --memory 4", "features a b -o d", "such as 4G"),
    ("slurm --shards 2 --partition x;y", "features a b -o d", "letters, digits"),
    ("kubernetes --shards 2 --image i", "features a b -o d", "kubernetes needs both"),
  ])
  func whatIsNoScriptIsAnErrorOfTheCommandLine(words: String, features: String, sentence: String) {
    let outcome = script(words, ["--"] + features.split(separator: " ").map(String.init))
    #expect(outcome.code == .usage && outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
  }
}
