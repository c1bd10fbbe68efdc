import { elfProgram } from './elf.ts'
import { SOCKET_SYSCALLS, type Architecture } from './seccomp-numbers.ts'

/** Families that Node and bubblewrap need; AF_NETLINK lists the interfaces. */
export const ALLOWED_FAMILIES: ReadonlyMap<string, number> = new Map([
  ['AF_UNIX', 1],
  ['AF_INET', 2],
  ['AF_INET6', 10],
  ['AF_NETLINK', 16],
])
/** EAFNOSUPPORT */
export const EAFNOSUPPORT = 97
/** AF_UNSPEC to AF_MCTP; kernels know no others. */
export const KNOWN_FAMILIES = 46
/** SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET: some families have only one of them. */
const TYPES = [1, 2, 3, 5]

/**
 * A program that tries to open a socket of every family and type and prints the results as 32-bit numbers. It is machine
 * code, because Node itself cannot open other families. Null on architectures without a filter.
 */
export function socketProgram(architecture: string): Buffer | null {
  if (architecture !== 'x64' && architecture !== 'arm64') return null
  return elfProgram(architecture, CODE[architecture](attempts()))
}

/** Families beyond the four allowed that reached the kernel; `answers` is the program's output. */
export function reachedFamilies(answers: readonly number[]): number[] {
  const allowed = new Set(ALLOWED_FAMILIES.values())
  const reached = attempts().filter(
    ({ family }, index) => !allowed.has(family) && answers[index] !== -EAFNOSUPPORT,
  )
  return [...new Set(reached.map(({ family }) => family))]
}

type Attempt = { readonly family: number; readonly type: number }

const attempts = (): Attempt[] =>
  Array.from({ length: KNOWN_FAMILIES }, (_, family) => TYPES.map((type) => ({ family, type }))).flat()

const CODE: { readonly [architecture in Architecture]: (tried: readonly Attempt[]) => Buffer } = {
  x64(tried) {
    const set = (register: number, value: number) => [0xb8 + register, ...int32(value)]
    const [eax, edx, esi, edi] = [0, 2, 6, 7]
    const syscall = [0x0f, 0x05]
    const attempt = ({ family, type }: Attempt, index: number) => [
      set(eax, SOCKET_SYSCALLS[0]!.x64),
      set(edi, family),
      set(esi, type),
      set(edx, 0),
      syscall,
      [0x89, 0x84, 0x24, ...int32(index * 4)], // mov [rsp + index * 4], eax
    ]
    const start = [[0x48, 0x81, 0xec, ...int32(tried.length * 4)]] // sub rsp, size
    const toRsiFromRsp = [0x48, 0x89, 0xe6]
    const write = [set(eax, 1), set(edi, 1), toRsiFromRsp, set(edx, tried.length * 4), syscall]
    const exit = [set(eax, 60), set(edi, 0), syscall]
    return Buffer.from([start, tried.flatMap(attempt), write, exit].flat(2))
  },
  arm64(tried) {
    const set = (register: number, value: number) => 0x52800000 | (value << 5) | register
    const svc = 0xd4000001
    const [stack, size] = [31, tried.length * 4]
    const attempt = ({ family, type }: Attempt, index: number) => [
      set(8, SOCKET_SYSCALLS[0]!.arm64),
      set(0, family),
      set(1, type),
      set(2, 0),
      svc,
      0xb9000000 | (index << 10) | (stack << 5), // str w0, [sp, index * 4]
    ]
    const start = [0xd1000000 | (size << 10) | (stack << 5) | stack] // sub sp, sp, size
    const toX1FromSp = 0x91000000 | (stack << 5) | 1
    const write = [set(8, 64), set(0, 1), toX1FromSp, set(2, size), svc]
    const exit = [set(8, 93), set(0, 0), svc]
    return Buffer.from([start, tried.flatMap(attempt), write, exit].flat().flatMap(int32))
  },
}

function int32(value: number): number[] {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return [...bytes]
}
