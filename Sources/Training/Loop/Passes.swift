/// How passes over the samples are cut into batches and epochs. Where an epoch begins depends on its number
/// alone, so that training can be resumed from any epoch.
struct Passes {
  private let count: Int
  private let batchSize: Int
  private let shuffle: Bool
  /// Batches of a full epoch.
  let stepsPerEpoch: Int

  init(_ count: Int, _ batchSize: Int, _ stepsPerEpoch: Int?, shuffle: Bool) {
    self.count = count
    // A batch of more than all is a batch of all.
    self.batchSize = min(batchSize, count)
    self.shuffle = shuffle
    let batches = (count + self.batchSize - 1) / self.batchSize
    // An epoch ends with the samples, however long it was to be.
    self.stepsPerEpoch = min(stepsPerEpoch ?? batches, batches)
  }

  /// The samples of every batch of an epoch, counted from 0.
  func batches(ofEpoch epoch: Int, seed: UInt64) -> [ArraySlice<Int>] {
    let batches = (count + batchSize - 1) / batchSize
    let epochsPerPass = (batches + stepsPerEpoch - 1) / stepsPerEpoch
    let (pass, part) = epoch.quotientAndRemainder(dividingBy: epochsPerPass)
    let order = shuffle ? Seeds.permutation(count, seed: seed, epoch: pass) : Array(0..<count)
    return (part * stepsPerEpoch..<min((part + 1) * stepsPerEpoch, batches)).map { batch in
      order[batch * batchSize..<min((batch + 1) * batchSize, count)]
    }
  }
}
