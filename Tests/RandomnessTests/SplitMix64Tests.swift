import Randomness
import Testing

struct SplitMix64Tests {
  /// The reference outputs for seed 1234567 are those of the generator's published C code.
  @Test func equalsThePublishedSequence() {
    var generator = SplitMix64(seed: 1_234_567)
    let found = (0..<5).map { _ in generator.next() }
    #expect(
      found == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func goesOnFromASavedState() {
    var first = SplitMix64(seed: 3)
    _ = first.next()
    var second = SplitMix64(seed: first.state)
    #expect(first.next() == second.next())
  }

  @Test func unitsStayBelowOne() {
    var generator = SplitMix64(seed: 9)
    for _ in 0..<10_000 {
      let unit = generator.nextUnit()
      #expect(unit >= 0 && unit < 1)
    }
  }
}
