import CZlib

/// The version of the zlib in use: `1.3.1`.
package func zlibVersionInUse() -> String { unsafe String(cString: zlibVersion()) }
