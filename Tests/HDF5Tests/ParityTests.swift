import Foundation
import HDF5
import TestSupport
import Testing

/// Our reader sees in every file what the library sees: names, shapes, types, attributes, elements.
@Suite struct ParityTests {
  private static func files(in folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return (names ?? []).filter { $0.hasSuffix(".h5") }.sorted()
  }

  /// The version of the library that we are linked with, asked here and now.
  @Test(arguments: files(in: Repository.fixture("hdf5")).filter { $0 != "hostile.h5" && $0 != "datasets.h5" })
  func seesWhatTheLibrarySees(name: String) throws {
    let path = Repository.fixture("hdf5/\(name)")
    let ours = try Snapshot(HDF5File(path: path).root)
    #expect(ours.difference(from: try Snapshot(OracleFile(path: path).root)) == nil)
    let inMemory = try HDF5File(bytes: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))), name: name)
    #expect(try Snapshot(inMemory.root).difference(from: ours) == nil)
  }

  /// The newest version, which wrote what it saw beside each file.
  @Test(arguments: files(in: Repository.fixture("hdf5/random")))
  func seesWhatTheNewestLibrarySees(name: String) throws {
    #expect(try Self.difference(in: Repository.fixture("hdf5/random/\(name)")) == nil)
  }

  private static let corpus = ProcessInfo.processInfo.environment["ZOO_HDF5_CORPUS"]

  @Test(.enabled(if: corpus != nil, "no files were made: 'make check-hdf5' makes thousands"))
  func seesTheSameInThousandsOfFiles() throws {
    let folder = try #require(Self.corpus)
    let names = Self.files(in: folder)
    var refused: [String: Int] = [:]
    for name in names {
      do {
        let difference = try Self.difference(in: folder + "/" + name)
        #expect(difference == nil, "\(name): \(difference ?? "")")
      } catch HDF5Error.refused(_, let what) {
        refused[what, default: 0] += 1
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
    print("\(names.count) files, of which are refused: \(refused)")
    #expect(refused.values.reduce(0, +) < names.count / 20)
  }

  /// A damaged file gives an error, or what the library sees in it if it sees anything.
  @Test(.enabled(if: corpus != nil, "no files were made: 'make check-hdf5' makes thousands"))
  func seesNothingElseInDamagedFiles() throws {
    let folder = try #require(Self.corpus) + "/damaged"
    var (errors, same, alone) = (0, 0, 0)
    for name in Self.files(in: folder) {
      let path = folder + "/" + name
      do {
        let ours = try Snapshot(HDF5File(path: path).root)
        guard let text = try? String(contentsOfFile: path + ".txt", encoding: .utf8) else {
          alone += 1
          continue
        }
        let difference = ours.difference(from: Snapshot(text: text))
        #expect(difference == nil, "\(name): \(difference ?? "")")
        same += 1
      } catch is HDF5Error {
        errors += 1
      }
    }
    print("damaged: \(errors) errors, \(same) read by both, \(alone) that the library does not read")
    #expect(errors > 0)
  }

  private static func difference(in path: String) throws -> String? {
    let theirs = Snapshot(text: try String(contentsOfFile: path + ".txt", encoding: .utf8))
    return try Snapshot(HDF5File(path: path).root).difference(from: theirs)
  }
}
