internal import CHDF5
import Files
package import HDF5
package import Tensors

/// Writes the plain HDF5 that Keras writes: groups, lists of names, contiguous `float32` datasets.
///
/// For files of our own making only; the file is complete once ``close()`` returned. The same calls give the
/// same bytes: no object says when it was made.
package struct HDF5Writer: ~Copyable {
  private let path: String
  /// Named in errors: where the file will be, not where it is for now.
  private let destination: String
  private let file: Handle
  private let groupCreation: Handle
  private let datasetCreation: Handle

  /// Creates the file, or empties the one that is there.
  ///
  /// - Parameter destination: where the file will be in the end, if not at `path`.
  package init(path: String, destination: String? = nil) throws(HDF5Error) {
    self.path = path
    self.destination = destination ?? path
    (file, groupCreation, datasetCreation) = try Self.writing(to: self.destination) { () throws(HDF5Error) in
      let (creation, access) = (
        try Self.timeless(chdf5_file_creation(), path), try Library.fileAccess(path)
      )
      return (
        try Handle(
          unsafe H5Fcreate(path, chdf5_truncate(), creation.identifier, access.identifier), place: path),
        try Self.timeless(chdf5_group_creation(), path), try Self.timeless(chdf5_dataset_creation(), path)
      )
    }
  }

  /// How to create things of a kind without noting the time.
  private static func timeless(_ kind: hid_t, _ path: String) throws(HDF5Error) -> Handle {
    let properties = try Handle(H5Pcreate(kind), place: path)
    guard H5Pset_obj_track_times(properties.identifier, false) >= 0 else {
      throw .malformed(place: path, reason: Library.takeErrors())
    }
    return properties
  }

  /// Flushes everything to the file.
  package consuming func close() throws(HDF5Error) {
    try Self.writing(to: destination) { () throws(HDF5Error) in
      try check(H5Fflush(file.identifier, H5F_SCOPE_GLOBAL), path)
    }
  }

  /// Makes the group at `group` and those it lies in, where they are missing.
  package func createGroup(_ group: String) throws(HDF5Error) {
    var current = ""
    for step in group.split(separator: "/") {
      current += "/" + step
      try Self.writing(to: destination) { () throws(HDF5Error) in
        guard unsafe H5Lexists(file.identifier, current, 0) <= 0 else { return }
        _ = try Handle(
          unsafe H5Gcreate2(file.identifier, current, 0, groupCreation.identifier, 0), place: current)
      }
    }
  }

  /// Gives `object` a list of names of one fixed size, NUL-padded to the longest; an empty list becomes
  /// `float64` of shape (0,), as h5py writes it for Keras.
  package func writeNames(_ names: [String], as attribute: String, of object: String) throws(HDF5Error) {
    let width = names.map(\.utf8.count).max() ?? 0
    var bytes = [UInt8](repeating: 0, count: max(1, width * names.count))
    for (index, name) in names.enumerated() {
      bytes.replaceSubrange(index * width..<index * width + name.utf8.count, with: name.utf8)
    }
    try Self.writing(to: destination) { () throws(HDF5Error) in
      let type = width > 0 ? try stringType(width) : try Handle(H5Tcopy(chdf5_file_float64()), place: path)
      try write(bytes, type, dimensions: [names.count], as: attribute, of: object)
    }
  }

  /// Gives `object` one string.
  package func writeString(_ text: String, as attribute: String, of object: String) throws(HDF5Error) {
    try Self.writing(to: destination) { () throws(HDF5Error) in
      let bytes = Array(text.utf8)
      try write(bytes, try stringType(max(1, bytes.count)), dimensions: [], as: attribute, of: object)
    }
  }

  /// Writes a dataset; the group it lies in must be there.
  package func writeDataset(_ values: [Float], shape: TensorShape, at dataset: String) throws(HDF5Error) {
    guard values.count == shape.elementCount else {
      throw .wrongKind(place: dataset, expected: "\(shape.elementCount) values", found: "\(values.count)")
    }
    try Self.writing(to: destination) { () throws(HDF5Error) in
      let space = try self.space(shape.dimensions)
      let data = try Handle(
        unsafe H5Dcreate2(
          file.identifier, dataset, chdf5_file_float32(), space.identifier, 0, datasetCreation.identifier, 0),
        place: dataset)
      try check(unsafe H5Dwrite(data.identifier, chdf5_type_float32(), 0, 0, 0, values), dataset)
    }
  }

  /// Writes a counter that stands at 0, a whole number without axes; the group it lies in must be there.
  package func writeCounter(at dataset: String) throws(HDF5Error) {
    try Self.writing(to: destination) { () throws(HDF5Error) in
      let space = try self.space([])
      let data = try Handle(
        unsafe H5Dcreate2(
          file.identifier, dataset, chdf5_file_int32(), space.identifier, 0, datasetCreation.identifier, 0),
        place: dataset)
      try check(unsafe H5Dwrite(data.identifier, chdf5_type_int32(), 0, 0, 0, [Int32(0)]), dataset)
    }
  }

  private func write(
    _ bytes: [UInt8], _ type: Handle, dimensions: [Int], as attribute: String, of object: String
  ) throws(HDF5Error) {
    let place = "\(path) \(object) attribute '\(attribute)'"
    let owner = try Handle(unsafe H5Oopen(file.identifier, object, 0), place: place)
    let space = try self.space(dimensions)
    let created = try Handle(
      unsafe H5Acreate2(owner.identifier, attribute, type.identifier, space.identifier, 0, 0), place: place)
    guard dimensions.reduce(1, *) > 0 else { return }
    try check(unsafe H5Awrite(created.identifier, type.identifier, bytes), place)
  }

  private func stringType(_ width: Int) throws(HDF5Error) -> Handle {
    let type = try Handle(H5Tcopy(chdf5_c_string()), place: path)
    try check(H5Tset_size(type.identifier, width), path)
    try check(H5Tset_strpad(type.identifier, H5T_STR_NULLPAD), path)
    return type
  }

  private func space(_ dimensions: [Int]) throws(HDF5Error) -> Handle {
    guard !dimensions.isEmpty else { return try Handle(H5Screate(H5S_SCALAR), place: path) }
    let extents = dimensions.map { hsize_t($0) }
    return try Handle(unsafe H5Screate_simple(Int32(extents.count), extents, nil), place: path)
  }

  private func check(_ status: herr_t, _ place: String) throws(HDF5Error) {
    guard status < 0 else { return }
    throw .malformed(place: place, reason: Library.run { Library.takeErrors() })
  }

  /// Runs `body` alone in the library; where the system kept it from writing, that is the error.
  private static func writing<Result>(
    to destination: String, _ body: () throws(HDF5Error) -> Result
  ) throws(HDF5Error) -> Result {
    do throws(HDF5Error) { return try Library.run(body) } catch {
      guard case .malformed(_, let reason) = error,
        let code = reason.firstMatch(of: #/errno = (\d+)/#).flatMap({ Int32($0.1) })
      else { throw error }
      let cause = SystemError(code: code)
      throw .unwritable(path: destination, reason: "\(cause.reason); \(cause.advice)")
    }
  }
}
