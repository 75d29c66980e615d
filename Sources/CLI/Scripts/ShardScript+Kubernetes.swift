import ModelZoo
import Reports

extension ShardScript {
  /// An indexed job, and a suspended one that merges.
  var kubernetes: String {
    var features = shardWords(["--shards", "\(shardCount)"], threads: "\(limits.processors)")
    let hasCache = features.contains { $0 == "--no-cache" || $0 == "--cache" || $0.hasPrefix("--cache=") }
    if !hasCache { features += ["--cache", "\(place.mount)/zoo-cache"] }
    var text = """
      # Features in \(shardCount) shards, as an indexed job of Kubernetes 1.29 or later: kubectl apply -f FILE
      # Some again: delete the job and apply it anew; what is finished is not computed again.

      """
    if mergeWords != nil {
      text += """
        # The merge waits, suspended, until it is told to go on:
        #   kubectl wait --for=condition=complete --timeout=-1s job/zoo-features
        #   kubectl patch job zoo-merge -p '{"spec":{"suspend":false}}'

        """
    }
    text += job("zoo-features", shards, features)
    if let mergeWords {
      text += "---\n" + job("zoo-merge", ["suspend: true", "backoffLimit: 3"], mergeWords)
    }
    return text
  }

  private var shards: [String] {
    [
      "completionMode: Indexed", "completions: \(shardCount)",
      "parallelism: \(min(limits.atOnce ?? shardCount, shardCount))", "backoffLimitPerIndex: 3",
    ]
  }

  /// Lines of `kind: Job` with `spec`, whose container runs `zoo` with `words`.
  private func job(_ name: String, _ spec: [String], _ words: [String]) -> String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: \(name)
    spec:
    \(spec.map { "  \($0)" }.joined(separator: "\n"))
      template:
        spec:
          restartPolicy: Never
          # A pod that is told to stop keeps what it has computed.
          terminationGracePeriodSeconds: 120
          containers:
            - name: zoo
              image: \(Self.scalar(place.image ?? ""))
              workingDir: \(Self.scalar(place.mount))
              command: ["zoo", \(words.map(Self.word).joined(separator: ", "))]
              resources:
                requests: {cpu: "\(limits.processors)", memory: \(Self.scalar(limits.memory + "i"))}
                limits: {cpu: "\(limits.processors)", memory: \(Self.scalar(limits.memory + "i"))}
              volumeMounts:
                - {name: data, mountPath: \(Self.scalar(place.mount))}
          volumes:
            - name: data
              persistentVolumeClaim: {claimName: \(Self.scalar(place.claim ?? ""))}

    """
  }

  /// A word of a command, in which Kubernetes would put variables in the place of `$(NAME)`.
  private static func word(_ text: String) -> String { scalar(text.replacing("$", with: "$$")) }

  /// A text in double quotes: JSON's texts are YAML's.
  private static func scalar(_ text: String) -> String { JSON.string(text).compact }
}
