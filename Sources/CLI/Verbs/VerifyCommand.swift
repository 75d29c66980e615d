import Encoding
import Reports
import Tensors

/// `zoo verify`
struct VerifyCommand: Command {
  private let files = Argument.list("ARCHIVE", help: "archives to read to the last byte")

  let name = "verify"
  let abstract = "check every byte of archives, and that their tensors are the entry's"
  let discussion = """
    Checks the header's seal, the CRC-32 of every tensor, the SHA-256 of the whole payload, and that every \
    parameter of the entry inside is there in its shape. All files are checked and all damage is listed; the \
    exit code is 0 only when every file is intact. A safetensors file from elsewhere carries no checksums: \
    then only its structure is checked, with a warning.
    """
  let example = "zoo verify backbone.zoo.safetensors"
  var parameters: [any Parameter] { [files, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let pages = arguments[files].map(VerificationPage.init)
    if arguments[Common.json] {
      console.print(["files": .array(pages.map(\.json))] as JSON)
    } else {
      for page in pages { page.print(on: console, isAlone: pages.count == 1) }
    }
    let failures = pages.compactMap(\.failure)
    if pages.count == 1, let failure = failures.first { throw failure }
    if let first = failures.first as? any ZooError {
      throw VerificationError.several(failures: failures.count, files: pages.count, family: first.family)
    }
    if let first = failures.first { throw first }
  }
}
