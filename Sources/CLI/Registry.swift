/// The verbs of `zoo`, in the order help lists them.
package let registeredCommands: [any Command] = [
  VerifyCommand(), FeaturesCommand(), TrainCommand(), PredictCommand(), VersionCommand(),
]
