import ModelZoo
import Reports

/// `zoo verify`
struct VerifyCommand: Command {
  private let files = Argument.list("ARCHIVE", help: "archives to check")

  let name = "verify"
  let abstract = "check every byte of archives, and that their tensors fit the network"
  let discussion = """
    Checks the digest of the header, the CRC-32 of every tensor, the SHA-256 of all tensors together, that every \
    parameter of the network is there in its shape, and that the network can be run. All files are checked and all \
    damage is listed; the exit code is 0 only if every file is intact. A safetensors file of another program has no checksums: then only its structure is \
    checked, with a warning. Values that are not finite and variances below zero give a warning, too: the bytes can be \
    intact and the weights useless.
    """
  let example = "zoo verify backbone.zoo.safetensors"
  var declarations: [any CommandArgument] { [files, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let findings = arguments[files].map(ArchiveVerification.init)
    let views = findings.map(VerificationView.init)
    if arguments[Common.json] {
      console.print(["files": .array(views.map(\.json))] as JSON)
      for view in views { view.warnOfValues(on: console) }
    } else {
      for view in views { view.print(on: console, isAlone: views.count == 1) }
    }
    let failures = findings.compactMap(\.failure)
    guard let first = failures.first else { return }
    throw findings.count == 1
      ? first
      : SeveralFailures(verb: name, failures: failures.count, files: findings.count, family: first.family)
  }
}
