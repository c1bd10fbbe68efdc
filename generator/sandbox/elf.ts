import type { Architecture } from './seccomp-numbers.ts'

/** The load address of the file in memory. */
export const LOAD_ADDRESS = 0x400000
export const HEADER_BYTES = 64 + 56
const MACHINE = { x64: 62, arm64: 183 } as const

/** A minimal ELF executable with one segment that holds this machine code. */
export function elfProgram(architecture: Architecture, code: Uint8Array): Buffer {
  const size = HEADER_BYTES + code.length
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes.writeUInt16LE(2, 16) // executable
  bytes.writeUInt16LE(MACHINE[architecture], 18)
  bytes.writeUInt32LE(1, 20)
  bytes.writeBigUInt64LE(BigInt(LOAD_ADDRESS + HEADER_BYTES), 24) // entry
  bytes.writeBigUInt64LE(64n, 32) // program headers
  bytes.writeUInt16LE(64, 52)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(1, 56)
  bytes.writeUInt32LE(1, 64) // loaded
  bytes.writeUInt32LE(5, 68) // read and execute
  bytes.writeBigUInt64LE(BigInt(LOAD_ADDRESS), 80)
  bytes.writeBigUInt64LE(BigInt(LOAD_ADDRESS), 88)
  bytes.writeBigUInt64LE(BigInt(size), 96)
  bytes.writeBigUInt64LE(BigInt(size), 104)
  bytes.writeBigUInt64LE(0x1000n, 112)
  return Buffer.concat([bytes, code])
}
