import CImages

/// The version of the libjpeg this was built with: `2.1.5 (turbo)`.
package func jpegLibraryVersion() -> String { unsafe String(cString: cimages_jpeg_version()) }

/// The version of the libpng in use: `1.6.48`.
package func pngLibraryVersion() -> String { unsafe String(cString: cimages_png_version()) }
