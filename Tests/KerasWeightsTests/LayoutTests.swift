import Catalog
import Files
import Foundation
import KerasWeights
import TensorArchive
import TestSupport
import Testing
import WeightConversion

/// Every way Keras wrote one network gives the same archive.
@Suite struct LayoutTests {
  @Test(arguments: [
    ("keras1", "old"), ("keras1_theano", "old-th"), ("initializer_names", "old"), ("keras2", "new"),
    ("theano_backend", "new"), ("numbers_go_on", "new"), ("split_lists", "new"), ("leading_slash", "new"),
    ("suffixes", "new"), ("tf_keras2", "new"), ("keras3", "keras3"), ("keras3_bare", "keras3"),
    ("float64", "new"), ("whole_model", "new"),
  ])
  func everyLayoutGivesTheSameTensors(fixture: String, tag: String) throws {
    try check(TinyEntry.conversion(fixture), tag: tag, fixture)
  }

  @Test func mixedTheanoFilesNeedAWord() throws {
    let axesOnly = ConversionOptions(kernels: .tensorflow)
    try check(TinyEntry.conversion("theano_axes_only", axesOnly), tag: "old-th", "axes only")
    let rotationOnly = ConversionOptions(kernels: .theano)
    try check(TinyEntry.conversion("theano_rotation_only", rotationOnly), tag: "old", "rotation only")
  }

  /// A file that names its backend says by that whether kernels are rotated, whatever the order of their axes.
  @Test func theBackendTellsWhetherKernelsAreRotated() throws {
    let report = try check(TinyEntry.conversion("theano_axes_backend"), tag: "old-th", "backend")
    #expect(report.recognition.kernels == .tensorflow && report.recognition.axisOrder == .oihw)
    #expect(
      report.recognition.reasons.contains {
        $0.description.contains("backend is 'tensorflow': kernels are not rotated")
      })
  }

  @Test func classifiersAreDroppedOnlyWhenAsked() throws {
    for fixture in ["with_top", "nested_model"] {
      let error = #expect(throws: ConversionError.self) { try TinyEntry.conversion(fixture) }
      guard case .hasTop(_, "tiny", let layers, nil) = error else {
        Issue.record("\(fixture): \(String(describing: error))")
        continue
      }
      #expect(layers == ["dense"])
      #expect(error?.description.contains("convert it without it") == true)
      let report = try check(
        TinyEntry.conversion(fixture, ConversionOptions(dropsTop: true)), tag: "new", fixture)
      #expect(report.droppedLayers == ["dense"])
    }
  }

  @Test func reportsWhatWasDone() throws {
    let report = try check(TinyEntry.conversion("keras1_theano"), tag: "old-th", "theano")
    #expect(
      report.recognition.mismatch.transformed.sorted() == [
        "conv2d/kernel", "conv2d_1/kernel", "sep/depthwise_kernel", "sep/pointwise_kernel", "stem/kernel",
      ])
    #expect(report.recognition.mismatch.applied.count == 5)
    #expect(report.recognition.graph == "E")
    #expect(report.publication == .none)
    #expect(report.recognition.reasons.contains { $0.description.contains("bind by rank") })
    #expect(report.recognition.reasons.contains { $0.description.contains("rotated by 180°") })
  }

  @Test func theGraphCanBeChosen() throws {
    let report = try check(
      TinyEntry.conversion("keras2", ConversionOptions(graph: "E")), tag: "new", "graph E")
    #expect(report.recognition.graph == "E")
    let error = #expect(throws: ConversionError.self) {
      try TinyEntry.conversion("keras2", ConversionOptions(graph: "G"))
    }
    #expect(error?.family == .missing)
    #expect(throws: ConversionError.self) {
      try TinyEntry.conversion("keras2", ConversionOptions(network: "huge"))
    }
  }

  @discardableResult
  private func check(_ conversion: Conversion, tag: String, _ comment: String) throws -> ConversionReport {
    try withTemporaryFolder { folder in
      let output = folder.appending(path: "tiny.zoo.safetensors").path
      let report = try conversion.write(to: output)
      #expect(report.recognition.weightSet == tag, "\(comment)")
      let archive = try Archive(contentsOf: output)
      try expectSynthetic(archive, TinyEntry.target().parameters, seed: 1, comment)
      #expect(archive.manifest?.sections["graph"] == report.recognition.graph.map { "\"\($0)\"" })
      #expect(archive.manifest?.source?.digests == (try FileDigests(contentsOf: conversion.path)))
      #expect(archive.manifest?.source?.details["weightSet"] == tag)
      return report
    }
  }
}
