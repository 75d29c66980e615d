import Tensors
import Testing

struct ShapeTests {
  @Test func printsAsNumPyDoes() {
    #expect(TensorShape([]).description == "()")
    #expect(TensorShape([64]).description == "(64,)")
    #expect(TensorShape([7, 7, 3, 64]).description == "(7, 7, 3, 64)")
  }

  @Test func countsElements() {
    #expect(TensorShape([]).elementCount == 1)
    #expect(TensorShape([7, 7, 3, 64]).elementCount == 9408)
    #expect(TensorShape([5, 0]).elementCount == 0)
  }

  @Test func refusesNegativeExtentsAndOverflow() {
    #expect(TensorShape(validating: [2, -1]) == nil)
    #expect(TensorShape(validating: [Int.max, 2]) == nil)
    #expect(TensorShape(validating: [1 << 32, 1 << 31]) == nil)
    #expect(TensorShape(validating: [Int.max, 1]) != nil)
  }
}

struct TensorViewTests {
  private func view(_ bytes: [UInt8], _ type: ScalarType, _ shape: TensorShape) -> TensorView? {
    TensorView(shape: shape, scalarType: type, storage: HeapStorage(copying: bytes), range: 0..<bytes.count)
  }

  @Test func refusesRangesThatDoNotFit() {
    let storage = HeapStorage(copying: [UInt8](repeating: 0, count: 8))
    #expect(TensorView(shape: [2], scalarType: .float32, storage: storage, range: 0..<8) != nil)
    #expect(TensorView(shape: [2], scalarType: .float32, storage: storage, range: 0..<7) == nil)
    #expect(TensorView(shape: [2], scalarType: .float32, storage: storage, range: 4..<12) == nil)
    #expect(TensorView(shape: [1 << 62], scalarType: .float64, storage: storage, range: 0..<0) == nil)
  }

  @Test func widensEveryFloatingPointTypeExactly() throws {
    #expect(try #require(view([0x00, 0x00, 0xC0, 0xBF], .float32, [1])).floats() == [-1.5])
    #expect(try #require(view([0xC0, 0xBF], .bfloat16, [1])).floats() == [-1.5])
    #expect(try #require(view([0x00, 0xBE], .float16, [1])).floats() == [-1.5])
    #expect(try #require(view([0, 0, 0, 0, 0, 0, 0xF8, 0xBF], .float64, [1])).floats() == [-1.5])
    #expect(try #require(view([1], .uint8, [1])).floats() == nil)
  }

  @Test func copiesATensorAndBack() throws {
    let tensor = Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])
    let view = try #require(TensorView(tensor))
    #expect(view.floats() == tensor.scalars)
    #expect(view.byteCount == 24)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func halfBitsEqualFloat16() {
      for bits in UInt16.min...UInt16.max {
        let wanted = Float(Float16(bitPattern: bits))
        let found = Float(halfBits: bits)
        #expect(found == wanted && found.sign == wanted.sign || found.isNaN && wanted.isNaN, "\(bits)")
      }
    }
  #endif
}
