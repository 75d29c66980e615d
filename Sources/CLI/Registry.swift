/// The verbs of `zoo`, in the order help lists them.
package let registeredCommands: [any Command] = [
  InspectCommand(), ConvertCommand(), VerifyCommand(), SynthesizeCommand(), FeaturesCommand(), TrainCommand(),
  PredictCommand(), VersionCommand(),
]
