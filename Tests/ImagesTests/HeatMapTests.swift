import Images
import Testing

@Suite struct HeatMapTests {
  /// What TensorFlow's `tf.image.resize(method="bilinear")` makes of the row 0, 1, 0.5.
  @Test func growsBilinearlyBetweenCentres() {
    let map = HeatMap(width: 3, height: 1, values: [0, 1, 0.5])
    let wide = map.resized(width: 6, height: 2)
    let row: [Float] = [0, 0.25, 0.75, 0.875, 0.625, 0.5]
    for (found, wanted) in zip(wide.values, row + row) { #expect(abs(found - wanted) < 1e-6) }
  }

  @Test func staysAsItIsAtItsOwnSize() {
    let map = HeatMap(width: 2, height: 3, values: [0, 0.1, 0.4, 1, 0.3, 0.2])
    #expect(map.resized(width: 2, height: 3) == map)
  }

  @Test func opacityDecidesHowMuchShows() {
    let image = Bitmap(width: 2, height: 1, red: 10, green: 20, blue: 30)
    let map = HeatMap(width: 2, height: 1, values: [0, 1])
    #expect(image.overlaid(with: map, opacity: 0) == image)
    #expect(image.overlaid(with: map, opacity: 1).pixels == [68, 1, 84, 253, 231, 37])
  }

  @Test func shrinksToFit() throws {
    let image = Bitmap(width: 300, height: 10, red: 1, green: 2, blue: 3)
    let small = try image.shrunk(toFit: 20)
    #expect((small.width, small.height) == (20, 1))
    #expect(try image.shrunk(toFit: 300) == image)
  }
}
