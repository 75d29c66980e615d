import CImages

/// The version of the libjpeg this was built with: `2.1.5 (turbo)`.
package func jpegLibraryVersion() -> String { unsafe String(cString: cimages_jpeg_version()) }

/// The version of the libpng in use: `1.6.48`.
package func pngLibraryVersion() -> String { unsafe String(cString: cimages_png_version()) }

/// The version of the libtiff in use: `4.5.0`.
package func tiffLibraryVersion() -> String {
  var text = [CChar](repeating: 0, count: Int(cimages_message_size))
  unsafe cimages_tiff_version(&text)
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The version of the libwebp in use: `1.2.4`.
package func webpLibraryVersion() -> String {
  let version = cimages_webp_version()
  return "\(version >> 16 & 0xFF).\(version >> 8 & 0xFF).\(version & 0xFF)"
}
