"""Draws the images of SyntheticImages a second time and prints the hashes its test expects.

Plain Python integers only; written from the description, pixel by pixel.
"""

MASK = (1 << 64) - 1
PATTERNS = ["circles", "noise", "stripes"]


class SplitMix64:
    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        bits = self.state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
        return bits ^ (bits >> 31)

    def number(self, low, high):
        return low + self.next() % (high - low + 1)

    def color(self):
        bits = self.next()
        return (bits & 255, bits >> 8 & 255, bits >> 16 & 255)

    def colors(self):
        one, other = self.color(), self.color()
        dark = tuple(channel // 3 for channel in one)
        bright = tuple(255 - channel // 3 for channel in other)
        return (dark, bright) if self.number(0, 1) == 0 else (bright, dark)


def image(seed, pattern, index, width, height):
    generator = SplitMix64(seed ^ (PATTERNS.index(pattern) << 32 | index))
    if pattern == "circles":
        paper, ink = generator.colors()
        side = max(2, min(width, height))
        discs = [
            (generator.number(0, width), generator.number(0, height), generator.number(side // 6, side // 3))
            for _ in range(generator.number(1, 3))
        ]
        color = lambda x, y: ink if any((x - a) ** 2 + (y - b) ** 2 < r * r for a, b, r in discs) else paper
    elif pattern == "noise":
        block = generator.number(2, 4)
        columns, rows = -(-width // block), -(-height // block)
        colors = [generator.color() for _ in range(columns * rows)]
        color = lambda x, y: colors[y // block * columns + x // block]
    else:
        paper, ink = generator.colors()
        across, down, band = generator.number(1, 3), generator.number(-3, 3), generator.number(8, 16)
        color = lambda x, y: ink if (across * x + down * y + 4 * height) // band % 2 == 0 else paper
    return [channel for y in range(height) for x in range(width) for channel in color(x, y)]


for pattern in PATTERNS:
    hash = 0xCBF29CE484222325
    for sample in image(7, pattern, 3, 96, 64):
        hash = ((hash ^ sample) * 0x100000001B3) & MASK
    print(pattern, hash)
