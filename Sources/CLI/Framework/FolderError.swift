import Tensors

/// What befalls folders that a verb makes.
enum FolderError: ZooError {
  case cannotMake(path: String, reason: String)

  var family: ErrorFamily { .missing }

  var description: String {
    switch self {
    case .cannotMake(let path, let reason): "\(path): the folder cannot be made; \(reason)"
    }
  }
}
