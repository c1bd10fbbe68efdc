import { describe, expect, test } from 'vitest'
import { DENIED_SYSCALLS } from './seccomp-numbers.ts'
import { seccompFilter } from './seccomp.ts'
import { ALLOWED_FAMILIES, KNOWN_FAMILIES, reachedFamilies } from './socket-families.ts'

const X86_64 = 0xc000003e
const AARCH64 = 0xc00000b7
const ALLOWED = 0x7fff0000
const NOT_PERMITTED = 0x00050001
const NO_SUCH_FAMILY = 0x00050061
const KILLED = 0x80000000

/** What the kernel makes of the program for one call: a small machine with one register. */
function judge(
  program: Uint8Array,
  architecture: number,
  number: number,
  [firstArgument, secondArgument]: readonly [number, number] = [0, 0],
): number {
  const code = Buffer.from(program)
  const data = Buffer.alloc(64)
  data.writeUInt32LE(number, 0)
  data.writeUInt32LE(architecture, 4)
  data.writeUInt32LE(firstArgument, 16)
  data.writeUInt32LE(secondArgument, 24)
  let register = 0
  for (let at = 0; ; at += 8) {
    const [ifTrue, ifFalse] = [code.readUInt8(at + 2), code.readUInt8(at + 3)]
    const value = code.readUInt32LE(at + 4)
    switch (code.readUInt16LE(at)) {
      case 0x20:
        register = data.readUInt32LE(value)
        break
      case 0x15:
        at += 8 * (register === value ? ifTrue : ifFalse)
        break
      case 0x35:
        at += 8 * (register >= value ? ifTrue : ifFalse)
        break
      case 0x06:
        return value
      default:
        throw new Error(`instruction ${code.readUInt16LE(at)} at ${at}`)
    }
  }
}

describe.each([
  ['x64', X86_64, { write: 1, openat: 257, execve: 59, ioctl: 16 }, { socket: 41, socketpair: 53 }],
  ['arm64', AARCH64, { write: 64, openat: 56, execve: 221, ioctl: 29 }, { socket: 198, socketpair: 199 }],
] as const)('the filter for %s', (architecture, audit, usual, sockets) => {
  const program = seccompFilter(architecture)!

  test('refuses every call of the list, and none that Node lives on', () => {
    const numbers = Object.values(DENIED_SYSCALLS).flatMap((one) => one[architecture] ?? [])
    for (const number of numbers) expect(judge(program, audit, number)).toBe(NOT_PERMITTED)
    for (const number of Object.values(usual)) expect(judge(program, audit, number)).toBe(ALLOWED)
  })

  test('lets a program ask its terminal for its size and not type into it', () => {
    expect(judge(program, audit, usual.ioctl, [0, 0x5413])).toBe(ALLOWED)
    expect(judge(program, audit, usual.ioctl, [0, 0x5412])).toBe(NOT_PERMITTED)
    expect(judge(program, audit, usual.ioctl, [0, 0x541c])).toBe(NOT_PERMITTED)
  })

  test('lets sockets of four families open, and no others, one or two at a time', () => {
    const families = [...Array(KNOWN_FAMILIES + 20).keys(), 0xffffffff]
    for (const call of Object.values(sockets)) {
      const open = families.filter((family) => judge(program, audit, call, [family, 1]) === ALLOWED)
      const refused = families.filter((family) => judge(program, audit, call, [family, 1]) === NO_SUCH_FAMILY)
      expect(open).toEqual([1, 2, 10, 16])
      expect(open).toEqual([...ALLOWED_FAMILIES.values()])
      expect(refused.length).toBe(families.length - open.length)
    }
  })

  test('kills calls of another processor, and refuses those under other numbers', () => {
    expect(judge(program, 0x40000003, usual.write)).toBe(KILLED)
    expect(judge(program, audit, 0x40000000 + usual.write)).toBe(NOT_PERMITTED)
  })
})

test('there is none for processors whose numbers are not known', () => {
  expect(seccompFilter('riscv64')).toBeNull()
})

test('a family is reached where the kernel says anything but that it has none of it', () => {
  const none = Array<number>(KNOWN_FAMILIES * 4).fill(-97)
  expect(reachedFamilies(none)).toEqual([])
  // AF_UNIX opens, AF_VSOCK opens as a datagram, AF_CAN lacks a protocol, AF_PACKET a capability.
  const answers = none
    .with(1 * 4, 3)
    .with(40 * 4 + 1, 4)
    .with(29 * 4, -93)
    .with(17 * 4, -1)
  expect(reachedFamilies(answers)).toEqual([17, 29, 40])
  expect(reachedFamilies([])).toHaveLength(KNOWN_FAMILIES - ALLOWED_FAMILIES.size)
})
