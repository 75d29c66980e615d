import Datasets
import Encoding
import Errors

extension NetworkCatalog {
  /// A listing of images; one that cannot be read is a finding.
  func inspectListing(_ path: String) -> Inspection.Content {
    do {
      let listing = try Listing(contentsOf: path)
      let classes = listing.classes.count
      return .other(
        kind: "listing",
        explanation: "a listing of \(counted(listing.count, "image"))"
          + (classes > 0 ? " of \(counted(classes, "class", plural: "classes"))" : " without classes"))
    } catch {
      return .other(kind: "listing", explanation: "a listing that cannot be read: \(error)")
    }
  }

  /// A folder of shards, of which some may be missing.
  func inspectShards(_ path: String) -> Inspection.Content {
    do {
      let shards = try FeatureShards(folder: path)
      let finished = shards.states.count { if case .finished = $0 { true } else { false } }
      return .other(
        kind: "shards",
        explanation: "shards of features: \(shards.run.words) in "
          + "\(counted(shards.run.shards, "shard")), \(finished.grouped) finished")
    } catch {
      return .other(kind: "shards", explanation: "shards of features that cannot be read: \(error)")
    }
  }
}
