import ModelZoo
import Reports

/// Random changes to training images, by the names of Keras's `ImageDataGenerator`.
struct AugmentationArguments {
  private let rotation = number("rotation-range", 0...180, "rotate by a random angle of up to X degrees")
  private let widthShift = number(
    "width-shift-range", 0...16384, "shift sideways by up to X: below 1 a fraction of the width, else pixels")
  private let heightShift = number(
    "height-shift-range", 0...16384,
    "shift up or down by up to X: below 1 a fraction of the height, else pixels")
  private let shear = number("shear-range", 0...89, "shear by a random angle of up to X degrees")
  private let zoom = Option.optional(
    "zoom-range", value: "F|A,B", .spread(around: 1),
    help: "zoom by a factor from 1 - F to 1 + F, or from A to B; below 1 enlarges")
  private let horizontalFlip = Flag("horizontal-flip", help: "flip left and right, at random")
  private let verticalFlip = Flag("vertical-flip", help: "flip top and bottom, at random")
  private let brightness = Option.optional(
    "brightness-range", value: "A,B", .spread(around: nil),
    help: "multiply the brightness by a factor from A to B")
  private let channelShift = number(
    "channel-shift-range", 0...255, "add a random number from -X to X to all pixel values")
  private let fillMode = Option(
    "fill-mode", value: "MODE", .choice(of: FillMode.self), default: .nearest,
    help: "how to fill pixels that lie outside the original image")
  private let fillValue = Option(
    "cval", value: "V", .number(in: 0...255), default: 0,
    help: "with --fill-mode constant: the pixel value to fill with")
  private let crop = Option.optional(
    "random-crop", value: "A,B", .spread(around: nil),
    help: "crop a random part with A to B of the area, as torchvision's RandomResizedCrop")
  private let jitter = Option.optional(
    "color-jitter", value: "B,C,S,H", .numbers(count: 4),
    help: "change brightness, contrast, saturation and hue at random, as torchvision's ColorJitter")
  private let variants = Option.optional(
    "variants", value: "N", .integer(in: 1...1000),
    help:
      "compute N random variants of each image once and draw from them in every epoch (default: a new variant in every epoch, or, with flips alone, all 2 or 4)"
  )

  private static func number(_ name: String, _ range: ClosedRange<Double>, _ help: String) -> Option<Double> {
    Option(name, value: "X", .number(in: range), default: 0, help: help)
  }

  var group: OptionGroup { OptionGroup("Data augmentation", declarations) }

  var declarations: [any CommandArgument] {
    [
      rotation, widthShift, heightShift, shear, zoom, horizontalFlip, verticalFlip, brightness, channelShift,
      fillMode, fillValue, crop, jitter, variants,
    ]
  }

  /// What the command line says; nothing is changed where it says nothing.
  func augmentation(_ arguments: Arguments) throws -> Augmentation {
    var augmentation = Augmentation()
    augmentation.rotationRange = arguments[rotation]
    augmentation.widthShiftRange = arguments[widthShift]
    augmentation.heightShiftRange = arguments[heightShift]
    augmentation.shearRange = arguments[shear]
    augmentation.zoomRange = arguments[zoom] ?? 1...1
    augmentation.horizontalFlip = arguments[horizontalFlip]
    augmentation.verticalFlip = arguments[verticalFlip]
    augmentation.brightnessRange = arguments[brightness]
    augmentation.channelShiftRange = arguments[channelShift]
    augmentation.fillMode = arguments[fillMode]
    augmentation.fillValue = Float(arguments[fillValue])
    augmentation.randomResizedCrop = arguments[crop].map { RandomResizedCrop(scale: $0) }
    augmentation.colorJitter = arguments[jitter].map {
      ColorJitter(brightness: $0[0], contrast: $0[1], saturation: $0[2], hue: $0[3])
    }
    try augmentation.check()
    return augmentation
  }

  /// How many variants are asked for.
  func variants(_ arguments: Arguments) -> Int? { arguments[variants] }

  /// What it costs that images are new in every epoch, and what costs less; nil where they are not.
  func costNote(_ arguments: Arguments, epochs: Int, images: Int) throws -> String? {
    guard try passes(arguments, epochs: epochs) > 1, images > 0 else { return nil }
    let few = min(8, epochs - 1)
    return
      "Randomly augmented images are new in every epoch: features of \((epochs * images).grouped) images are computed "
      + "in \(epochs) epochs, and none is cached; --variants \(few) computes \((few * images).grouped), "
      + "once, and caches them."
  }

  /// How many times each training image is looked at in so many epochs.
  func passes(_ arguments: Arguments, epochs: Int) throws -> Int {
    try augmentation(arguments).finiteVariantCount == nil && arguments[variants] == nil ? epochs : 1
  }
}

extension ValueKind where Value == ClosedRange<Double> {
  /// Two numbers, or one around `middle` where there is one.
  static func spread(around middle: Double?) -> Self {
    Self(
      expectation: "two numbers such as 0.8,1.2" + (middle == nil ? "" : ", or one such as 0.2"),
      parse: { text in
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double(decimal: $0) }
        if let middle, numbers.count == 1, let extent = numbers[0], extent >= 0 {
          return middle - extent...middle + extent
        }
        guard numbers.count == 2, let first = numbers[0], let second = numbers[1], first <= second else {
          return nil
        }
        return first...second
      }, show: { "\($0.lowerBound),\($0.upperBound)" })
  }
}

extension ValueKind where Value == [Double] {
  /// So many numbers, separated by commas.
  static func numbers(count: Int) -> Self {
    Self(
      expectation: "\(count) numbers separated by commas",
      parse: { text in
        let numbers = text.split(separator: ",").compactMap { Double(decimal: $0) }
        return numbers.count == count ? numbers : nil
      }, show: { $0.map { "\($0)" }.joined(separator: ",") })
  }
}
