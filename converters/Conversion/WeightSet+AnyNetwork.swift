import Catalog

extension WeightSet {
  /// How today's Kerases save any network as legacy HDF5: for entries that describe no files of their own.
  ///
  /// Layers go by the entry's names, which are those of the model that `to_json` described.
  static func ofAnyNetwork() throws(WeightSetError) -> [WeightSet] {
    try [
      WeightSet(
        json: """
          {"format": 1, "tag": "keras2", "title": "saved by a user of Keras 2 or tf.keras 2", "era": "keras2",
           "kerasVersions": ["2.0.0", "2.99.0"], "axisOrder": "HWIO", "kernels": "tensorflow",
           "weightNames": "{layer}/{role}:0", "basis": "how Keras 2 saves any network"}
          """, file: "any network"),
      WeightSet(
        json: """
          {"format": 1, "tag": "keras3", "title": "saved by a user of Keras 3 as legacy HDF5", "era": "keras3",
           "kerasVersions": ["3.0.0", "3.99.0"], "axisOrder": "HWIO", "kernels": "tensorflow",
           "weightNames": "{layer}/{role}", "basis": "how Keras 3 saves any network"}
          """, file: "any network"),
    ]
  }
}
