/// The verbs of `zoo`, in the order help lists them.
package let registeredCommands: [any Command] = [
  ListCommand(), SummaryCommand(), InspectCommand(), FetchCommand(), ConvertCommand(), VerifyCommand(),
  DiffCommand(),
  DraftCommand(), CheckCommand(), FormatCommand(), SynthesizeCommand(), ListingCommand(), FeaturesCommand(),
  MergeCommand(), ScriptCommand(), ChooseCommand(), AuditCommand(), TrainCommand(), ModelCommand(),
  EvaluateCommand(),
  PredictCommand(), ExportCommand(), ExplainCommand(), ProjectCommand(), CacheCommand(), BenchCommand(),
  VersionCommand(),
]
