import Foundation
import TestSupport
import Testing

/// The built `zoo` itself, as a shell sees it.
@Suite struct BinaryTests {
  private struct Run {
    let code: Int32
    let output: String
    let errors: String
  }

  /// The executable lies beside the test bundle, whose path the test runner was given.
  private static func executable() throws -> String {
    let folders = CommandLine.arguments.compactMap { argument in
      argument.range(of: "/[^/]*\\.xctest", options: .regularExpression).map { argument[..<$0.lowerBound] }
    }
    let candidates = folders.map { "\($0)/zoo" }
    return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0) })
  }

  /// Runs a line of shell in which `$ZOO` is the executable.
  private func shell(_ line: String) throws -> Run {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["ZOO": try Self.executable(), "TERM": "xterm"]) { $1 }
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let texts = try [output, errors].map { try $0.fileHandleForReading.readToEnd() ?? Data() }
    process.waitUntilExit()
    return Run(
      code: process.terminationStatus, output: String(decoding: texts[0], as: UTF8.self),
      errors: String(decoding: texts[1], as: UTF8.self))
  }

  #if os(Linux)
    @Test func wordsOfTheCommandLineMayBeAnyBytes() throws {
      try withTemporaryFolder { folder in
        let run = try shell(
          """
          cd '\(folder.path)' && n=$(printf 'b\\377') && mkdir "$n" &&
          $ZOO synthesize images --count 1 -o "$n/set" -q && ls "$n/set/circles" && $ZOO inspect "$n/gone"
          """)
        #expect(run.code == 66 && run.output.hasSuffix("0000.png\n"), "\(run)")
        #expect(run.errors.contains("b\\xFF/gone: cannot be read: no such file or folder"), "\(run.errors)")
      }
    }
  #endif

  /// What nobody named is not replaced, by any verb that has a name for it.
  @Test func noOutputThatNobodyNamedIsReplaced() throws {
    try withTemporaryFolder { folder in
      for (line, place) in [
        ("synthesize squeezenet --seed 2", "squeezenet_"), ("synthesize images --count 1", "images"),
      ] {
        let first = try shell("cd '\(folder.path)' && $ZOO \(line) -q")
        #expect(first.code == 0, "\(first)")
        let before = try shell("cd '\(folder.path)' && ls -lR --full-time")
        let second = try shell("cd '\(folder.path)' && $ZOO \(line) -q")
        #expect(second.code == 64, "\(second)")
        #expect(second.errors.contains("error: --output: \(place)"), "\(second.errors)")
        #expect(
          second.errors.contains(
            "is there already, and was not named; remove it, or name a file with --output"))
        #expect(try shell("cd '\(folder.path)' && ls -lR --full-time").output == before.output)
      }
      let named = try shell("cd '\(folder.path)' && $ZOO synthesize images --count 1 -o images -q")
      #expect(named.code == 0, "\(named)")
    }
  }

  /// Completed by bash itself, where there is one.
  @Test(arguments: [
    ("zoo tra", "train"), ("zoo train --epo", "--epochs"), ("zoo train --fit ''", "epochs lbfgs"),
    ("zoo train --backbone ''", ""), ("zoo help ver", "verify version"), ("zoo predict --js", "--json"),
  ])
  func bashCompletes(line: String, words: String) throws {
    let count = line.split(separator: " ").count - 1
    let run = try shell(
      """
      command -v bash > /dev/null || exit 9
      ZOO=$ZOO bash -c 'eval "$($ZOO completions bash)"; COMP_WORDS=(\(line.replacing("''", with: "\"\""))); \
      COMP_CWORD=\(count); _zoo; echo "${COMPREPLY[*]}"'
      """)
    #expect(run.code == 9 || run.output == words + "\n", "\(run)")
  }

  @Test func printsItsVersion() throws {
    let run = try shell("$ZOO --version")
    #expect(run.output.hasPrefix("zoo "))
    #expect(run.code == 0)
    #expect(run.errors == "")
  }

  @Test(arguments: [
    ("$ZOO help", 0, ""),
    ("$ZOO versoin", 64, "error: versoin: unknown verb; did you mean version?\nSee zoo help.\n"),
    ("$ZOO version > /dev/full", 66, "error: standard output: cannot be written: No space left on device\n"),
  ])
  func exitsAsItSays(line: String, code: Int32, errors: String) throws {
    guard !line.contains("/dev/full") || FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let run = try shell(line)
    #expect(run.code == code)
    #expect(run.errors == errors)
  }

  @Test func aLimitOfTheSystemIsAnErrorAndLeavesNothingBehind() throws {
    try withTemporaryFolder { folder in
      let run = try shell("cd '\(folder.path)' && ulimit -f 1 && $ZOO synthesize squeezenet -o weights.h5")
      #expect(run.code == 66 && run.errors.hasPrefix("error: weights.h5: "), "\(run.code) \(run.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  /// What a script begins with that needs an archive; nothing of it is printed, up to `exec >&3 3>&-`.
  private static let makesNetwork =
    "exec 3>&1 > /dev/null; $ZOO synthesize squeezenet -q -o w.h5 && $ZOO convert w.h5 -q -o a.safetensors || exit 1"

  /// No image's fault, and none is left out for it.
  @Test func tooFewOpenFilesAreALimitOfTheSystem() throws {
    try withTemporaryFolder { folder in
      let run = try shell(
        """
        cd '\(folder.path)'
        \(Self.makesNetwork)
        $ZOO synthesize images -q --count 4 -o images || exit 1
        exec >&3 3>&-
        for limit in 5 6 7 8 9 10 11 12 16; do
          (ulimit -n $limit; exec $ZOO features a.safetensors images -q --size 64 --no-cache -o f.npy) > out 2>&1
          code=$?
          test $code = 0 && exit 0
          test $code = 69 || { echo $limit $code; cat out; }
          grep -q "limit of open files" out || cat out
        done
        """)
      #expect(run.code == 0 && run.output.isEmpty, "\(run)")
    }
  }

  /// More archives, and more shards, than a process may have open at a time.
  @Test func manyArchivesNeedFewOpenFiles() throws {
    try withTemporaryFolder { folder in
      let run = try shell(
        """
        cd '\(folder.path)'
        \(Self.makesNetwork)
        $ZOO synthesize images -q --count 1 -o images || exit 1
        cp images/circles/0000.png 0.png && printf round > 0.cls
        for i in 0 1 2 3 4 5 6 7 8 9 a b c d e f g h i j k l m n; do tar cf $i.tar 0.png 0.cls; done
        exec >&3 3>&-
        ulimit -n 20
        words="features a.safetensors *.tar -q --size 64 --no-cache"
        $ZOO $words -o all.npy && tail -n 1 all.npy.csv
        i=0; while test $i -lt 24; do
          $ZOO $words --shard-by archive --shard $i/24 -o shards > /dev/null || exit 1; i=$((i + 1))
        done
        $ZOO merge --status shards | grep finished
        $ZOO merge shards -o merged.npy && cmp all.npy merged.npy
        """)
      let lines = run.output.split(whereSeparator: \.isNewline)
      try #require(run.code == 0 && lines.count == 4, "\(run)")
      #expect(lines[1].hasSuffix("n.tar/0.png,0,round") && lines[2].hasPrefix("finished      24"), "\(run)")
    }
  }

  @Test func anArchiveBeyondALimitIsAnErrorToo() throws {
    try withTemporaryFolder { folder in
      let lines = ["cd '\(folder.path)'", "$ZOO synthesize squeezenet -o weights.h5 -q", "ulimit -f 1"]
      let run = try shell(
        (lines + ["$ZOO convert weights.h5 -o out.safetensors -q"]).joined(separator: " && "))
      #expect(
        run.code == 66 && run.errors.contains("larger than the system allows"), "\(run.code) \(run.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["weights.h5"])
    }
  }

  #if os(Linux)
    /// From what it takes to say a word to more than the work takes: an answer, or an error in words that says what was
    /// needed; never a signal.
    @Test(arguments: [
      "convert weights.h5 -o out.zoo.safetensors",
      "features network.zoo.safetensors images -o out.npy --size 128",
      "train --backbone network.zoo.safetensors --data images --head 'dense(512, relu), dense(3, softmax)' "
        + "--size 64 --epochs 1 -o out.zoo.safetensors",
      "predict model.zoo.safetensors images", "summary efficientnet_v2_l", "list resnet50",
      "features network.zoo.safetensors images -o out.npy --size 128 --threads 64",
    ])
    func aLimitOfMemoryIsAnErrorInWords(command: String) throws {
      try withTemporaryFolder { folder in
        let place = "cd '\(folder.path)' && "
        let preparation = [
          "synthesize squeezenet -o weights.h5", "convert weights.h5 -o network.zoo.safetensors",
          "synthesize images --count 3 --seed 1 -o images",
          "train --backbone network.zoo.safetensors --data images --head 'dense(3, softmax)' --size 64 --epochs 1 "
            + "--no-cache -o model.zoo.safetensors",
        ]
        for line in preparation {
          let run = try shell(place + "$ZOO \(line) -q")
          #expect(run.code == 0, "\(line): \(run.errors)")
        }
        let readsImages = ["features", "train", "predict"].contains { command.hasPrefix($0) }
        let cache = readsImages ? " --no-cache" : ""
        func run(_ words: String, megabytes: Int) throws -> Run {
          // Not whole megabytes only, which stacks are: another remainder for every limit.
          try shell(place + "ulimit -c 0; ulimit -v \(megabytes * 1061); $ZOO \(words); exit $?")
        }
        let limits =
          Array(stride(from: 60, through: 160, by: 4)) + Array(stride(from: 170, through: 320, by: 10)) + [
            2000
          ]
        // Below it the system's loader finds no room for the libraries.
        let start = try #require(
          try limits.first { [0, 69].contains(try run("--version", megabytes: $0).code) })
        var codes: Set<Int32> = []
        for limit in limits where limit >= start {
          let run = try run(command + cache + " -q", megabytes: limit)
          codes.insert(run.code)
          #expect([0, 66, 69].contains(run.code), "\(limit): \(run.code) \(run.errors)")
          if run.code == 69 {
            let says = ["expected at most the ", "error: address space: the system's limit leaves "]
            #expect(says.contains { run.errors.contains($0) }, "\(run.errors)")
          }
          if run.code != 0 { #expect(run.errors.hasPrefix("error: "), "\(limit) MB: \(run.errors)") }
          if limit == limits.last { #expect(run.code == 0, "\(run.errors)") }
        }
        #expect(codes.contains(69), "\(codes)")
      }
    }

    @Test func aSmallStackIsAnErrorInWords() throws {
      let run = try shell("ulimit -c 0; ulimit -s 128; $ZOO list; exit $?")
      #expect(run.code == 69 && run.output.isEmpty, "\(run)")
      #expect(
        run.errors
          == "error: stack: the system's limit leaves 131,072 bytes; expected 524,288 or more; raise the limit\n"
      )
    }
  #endif

  /// The network is the smallest there is and the images are large: there is time to find it at work.
  @Test func aProcessThatIsToldToStopLeavesNothingBehind() throws {
    try withTemporaryFolder { folder in
      let run = try shell(
        """
        cd '\(folder.path)'
        $ZOO synthesize squeezenet -q -o w.h5 && $ZOO convert w.h5 -q -o a.safetensors || exit 1
        $ZOO synthesize images -q --count 60 -o images && echo old > f.npy || exit 1
        $ZOO features a.safetensors images -q --size 448 --batch 1 --no-cache -o f.npy > /dev/null &
        until ls -A | grep -q tmp; do sleep 0.01; done
        kill -TERM $!
        wait $!
        echo $? $(cat f.npy) $(ls -A)
        """)
      #expect(run.output.hasSuffix("143 old a.safetensors f.npy images w.h5\n"), "\(run)")
    }
  }

  /// What was computed by then is in the cache, and the same command makes of it what one run does.
  @Test func featuresThatAreToldToStopCanBeGoneOnWith() throws {
    try withTemporaryFolder { folder in
      let run = try shell(
        """
        cd '\(folder.path)'
        \(Self.makesNetwork)
        $ZOO synthesize images -q --count 60 -o images || exit 1
        features="$ZOO features a.safetensors images --size 448 --batch 1"
        $features --cache cache -o f.npy 2> errors &
        until ls -A | grep -q tmp; do sleep 0.01; done
        kill -TERM $!
        wait $!
        echo $? $(ls -A) >&3
        tail -n 1 errors >&3
        $features --cache cache -o f.npy && $features --no-cache -o g.npy && cmp f.npy g.npy && echo same >&3
        """)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 3 && lines[0] == "130 a.safetensors cache errors images w.h5", "\(run)")
      #expect(lines[1] == "interrupted; what was computed is in cache, and the same command goes on there")
      #expect(lines[2] == "same", "\(run)")
    }
  }

  /// Whatever the features are for.
  @Test(arguments: [
    "train --backbone a.safetensors --data images --head linear --fit lbfgs --no-report -o m",
    "audit images --backbone a.safetensors", "choose a.safetensors --data images",
  ])
  func featuresOfOtherVerbsAreKeptAsWell(words: String) throws {
    try withTemporaryFolder { folder in
      let run = try shell(
        """
        cd '\(folder.path)'
        \(Self.makesNetwork)
        $ZOO synthesize images -q --count 60 -o images || exit 1
        $ZOO \(words) --size 448 --batch 1 --cache cache 2> errors &
        until ls -A cache 2> /dev/null | grep -q .; do kill -0 $! || break; sleep 0.01; done
        kill -TERM $!
        wait $!
        echo $? >&3
        tail -n 1 errors >&3
        test -n "$(ls cache)" && ! test -e m && echo kept >&3
        """)
      #expect(
        run.output
          == "130\ninterrupted; what was computed is in cache, and the same command goes on there\nkept\n",
        "\(run)")
    }
  }

  /// Interrupted somewhere, gone on with for one more epoch, a training writes the model of one that was left alone.
  @Test func aTrainingThatIsToldToStopCanBeGoneOnWith() throws {
    try withTemporaryFolder { folder in
      let run = try shell(
        """
        cd '\(folder.path)'
        \(Self.makesNetwork)
        $ZOO synthesize images -q --count 9 -o images || exit 1
        train="$ZOO train --backbone a.safetensors --data images --validation-split 0.3 --size 64 --batch 4"
        train="$train --no-report --head dense(32,relu),dropout(0.5),dense(3,softmax)"
        $train --epochs 100000 -o m > log 2> errors &
        until grep -q 'Epoch 3/' log; do sleep 0.01; done
        kill -TERM $!
        wait $!
        echo $? >&3
        epochs=$(($(sed -n 's/^interrupted after \\([0-9]*\\) epoch.*/\\1/p' errors) + 1))
        test -e m.checkpoint || exit 1
        $train --epochs $epochs -o m --resume m.checkpoint || exit 1
        test -e m.checkpoint && exit 1
        $train --epochs $epochs -o whole || exit 1
        cmp m whole && tail -n 1 errors >&3
        """)
      let lines = run.output.split(separator: "\n")
      #expect(lines.first == "130", "\(run)")
      #expect(lines.last?.contains("--epochs 100000 -o m --resume m.checkpoint") == true, "\(run)")
    }
  }

  #if os(Linux)
    /// Containers limit threads; the limit does not hold for root, who becomes nobody.
    @Test func worksWithoutASecondThread() throws {
      try withTemporaryFolder { folder in
        let run = try shell(
          """
          cd '\(folder.path)'
          $ZOO synthesize squeezenet -q -o w.h5 && $ZOO synthesize images -q --count 2 -o images || exit 1
          chmod 777 . && become=
          test $(id -u) = 0 && become="setpriv --reuid=65534 --clear-groups"
          # Where root builds, nobody may not look.
          cp "$ZOO" tool && chmod 755 tool || exit 1
          zoo="timeout 120 $become prlimit --nproc=1 ./tool"
          $zoo convert w.h5 -q -o a.safetensors >&2 || exit 1
          $zoo features a.safetensors images -q --batch 2 --size 64 --no-cache -o f.npy || exit 1
          $ZOO convert w.h5 -q -o b.safetensors && cmp a.safetensors b.safetensors >&2
          """)
        #expect(run.code == 0 && run.output.contains("f.npy: features "), "\(run)")
      }
    }
  #endif

  @Test func aReaderWhoLeavesIsNoError() throws {
    let run = try shell("{ sleep 0.1; $ZOO help; echo $? >&2; } | true")
    #expect(run.errors == "0\n")
  }

  @Test func noColourIntoAPipe() throws {
    #expect(try !shell("$ZOO help").output.contains("\u{1B}"))
    #expect(try !shell("$ZOO nonsense").errors.contains("\u{1B}"))
  }
}
