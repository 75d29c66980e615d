extension Double {
  /// The number that `text` writes in decimal digits, as in `0.5`, `-3` and `1e-4`. Nil for anything else: `0x10`, `nan`, and
  /// what is too large to be finite or too small to be told from 0.
  init?(decimal text: some StringProtocol) {
    let (digits, others) = ("0123456789", "+-.eE")
    guard text.allSatisfy({ digits.contains($0) || others.contains($0) }), let number = Double(text),
      number.isFinite
    else { return nil }
    let significand = text.prefix { !"eE".contains($0) }
    guard number != 0 || !significand.contains(where: { digits.dropFirst().contains($0) }) else { return nil }
    self = number
  }
}
