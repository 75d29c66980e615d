import Foundation

/// Letters made of straight strokes, for images of pixels: they need no font of the machine.
///
/// A glyph is drawn on a grid of 5 columns and 9 rows, of which row 0 is the top of capitals, row 6 the baseline
/// and row 8 the lowest; `062046` is a stroke from column 0, row 6 over column 2, row 0 to column 4, row 6.
enum StrokeFont {
  /// From one letter to the next, in columns.
  private static let advance = 5.7
  /// A row of the grid at size 1.
  private static let row = 0.12
  /// A column of the grid at size 1: letters are narrower than high.
  private static let column = 0.098

  /// How wide `text` is.
  static func width(_ text: String, size: Double) -> Double {
    Double(letters(text).count) * advance * column * size
  }

  /// The strokes of `text`, whose baseline begins at (0, 0).
  static func strokes(_ text: String, size: Double) -> [[Point]] {
    letters(text).enumerated().flatMap { index, letter in
      let left = Double(index) * advance
      return (glyphs[letter] ?? unknown).map { stroke in
        stroke.map { Point((left + $0.x) * column * size, ($0.y - 6) * row * size) }
      }
    }
  }

  /// The base letters: marks above and below are left out.
  private static func letters(_ text: String) -> [Unicode.Scalar] {
    text.decomposedStringWithCanonicalMapping.unicodeScalars.filter {
      $0.properties.generalCategory != .nonspacingMark
    }
  }

  private static let unknown = strokes(of: "0141450501")

  private static let glyphs: [Unicode.Scalar: [[Point]]] = {
    var glyphs: [Unicode.Scalar: [[Point]]] = [" ": [], "\u{2026}": strokes(of: "0606 2626 4646")]
    for line in table.split(separator: "\n") {
      for entry in line.split(separator: "   ") {
        guard let letter = entry.unicodeScalars.first else { continue }
        glyphs[letter] = strokes(of: entry.dropFirst(2))
      }
    }
    return glyphs
  }()

  private static func strokes(of text: Substring) -> [[Point]] {
    text.split(separator: " ").map { stroke in
      let digits = stroke.compactMap(\.wholeNumberValue).map(Double.init)
      return stride(from: 0, to: digits.count - 1, by: 2).map { Point(digits[$0], digits[$0 + 1]) }
    }
  }

  private static let table = #"""
    A 062046 1434   B 00063645443303 3342413000   C 4130100105163645   D 00062644422000
    E 40000646 0333   F 400006 0333   G 41301001051636454323   H 0006 4046 0343
    I 1030 2026 1636   J 4045361605   K 0006 4004 1346   L 000646
    M 0600234046   N 06004640   O 103041453616050110   P 06003041423303
    Q 103041453616050110 2446   R 06003041423303 2346   S 413010010213334445361605   T 0040 2026
    U 000516364540   V 002640   W 0016223640   X 0046 4006   Y 002340 2326   Z 00400646
    0 103041453616050110   1 112026 1636   2 01103041420646   3 01103041423313 334445361605
    4 36300444   5 40000312324345361605   6 413010010516364544331304   7 004016
    8 13020110304142331304051636454433   9 051636454130100102133342
    a 4246 4332120305163645   b 0006 0312324345361605   c 4332120305163645   d 4046 4332120305163645
    e 04444332120305163645   f 40302126 1242   g 4247381807 4332120305163645   h 0006 0312324346
    i 2226 2020   j 32372818 3030   k 0006 3205 1436   l 202536
    m 0602 03122326 23324346   n 0206 0312324346   o 123243453616050312   p 0208 0312324345361605
    q 4248 4332120305163645   r 0206 04223243   s 43321203143445361605   t 20253646 1232
    u 0205163645 4246   v 022642   w 0216233642   x 0246 4206   y 0226 4218   z 02420646
    ! 2024 2626   " 1012 3032   # 1016 3036 0242 0444   $ 413010010213334445361605 2026
    % 4006 0010110100 3545463635   & 4602011020310405162644   ' 2022   ( 30212536   ) 10212516
    * 2125 0244 0442   + 2125 0343   , 2617   - 0343   . 2626   / 4006   : 2323 2626   ; 2323 2617
    < 410345   = 0242 0444   > 014305   ? 01103041422324 2626   @ 34141232344441301001051646
    [ 30202636   \ 0046   ] 10202616   ^ 122032   _ 0747   ` 1021
    { 30212213242536   | 2028   } 10212233242516   ~ 04133443
    """#
}
