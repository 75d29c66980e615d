/// The verbs of `zoo`, in the order help lists them.
package let registeredCommands: [any Command] = [
  InspectCommand(), ConvertCommand(), SynthesizeCommand(),
  VersionCommand(),
]

/// The version of `zoo`; CHANGELOG.md says what is in it.
package let toolVersion = "0.1.0"
