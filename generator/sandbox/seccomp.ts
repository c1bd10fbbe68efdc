import type { Architecture } from './seccomp-numbers.ts'
import { IOCTL, DENIED_SYSCALLS, SOCKET_SYSCALLS } from './seccomp-numbers.ts'
import { ALLOWED_FAMILIES, EAFNOSUPPORT } from './socket-families.ts'

const LOAD = 0x20
const JUMP_IF_EQUAL = 0x15
const JUMP_IF_AT_LEAST = 0x35
const RETURN = 0x06
const KILL_PROCESS = 0x80000000
const ALLOW = 0x7fff0000
const ERRNO = 0x00050000
const NOT_PERMITTED = ERRNO | 1
/** Where `struct seccomp_data` holds them; of an argument, the lower half, which is all that the kernel takes of these. */
const AT = { number: 0, architecture: 4, firstArgument: 16, secondArgument: 24 } as const
/** Calls of the x32 ABI are those of x86-64 with this bit: the same doors under other numbers. */
const X32_BIT = 0x40000000
const AUDIT_ARCHITECTURE = { x64: 0xc000003e, arm64: 0xc00000b7 } as const
/** Types into the terminal it runs on, and the console's twin of it. */
const TIOCSTI = 0x5412
const TIOCLINUX = 0x541c

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number]

/**
 * The BPF program that filters the system calls of a run: calls that neither Node nor the compiler needs fail with EPERM.
 * Namespaces and limits already cover most of them; this is defence in depth, and also blocks memory that no process
 * limit counts (memfd, System V), the key ring, which has no namespace, and all socket families but four: AF_VSOCK
 * reaches the host of a virtual machine past all namespaces. Null on unsupported architectures.
 */
export function seccompFilter(architecture: string): Uint8Array | null {
  if (architecture !== 'x64' && architecture !== 'arm64') return null
  return assemble(filterFor(architecture))
}

function filterFor(architecture: Architecture): Instruction[] {
  const refuse = (number: number): Instruction[] => [
    [JUMP_IF_EQUAL, 0, 1, number],
    [RETURN, 0, 0, NOT_PERMITTED],
  ]
  return [
    [LOAD, 0, 0, AT.architecture],
    [JUMP_IF_EQUAL, 1, 0, AUDIT_ARCHITECTURE[architecture]],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, AT.number],
    [JUMP_IF_AT_LEAST, 0, 1, X32_BIT],
    [RETURN, 0, 0, NOT_PERMITTED],
    ...Object.values(DENIED_SYSCALLS).flatMap((numbers) => {
      const number = numbers[architecture]
      return number === null ? [] : refuse(number)
    }),
    ...SOCKET_SYSCALLS.flatMap((numbers) => familiesOnly(numbers[architecture])),
    [JUMP_IF_EQUAL, 0, 5, IOCTL[architecture]],
    [LOAD, 0, 0, AT.secondArgument],
    ...refuse(TIOCSTI),
    ...refuse(TIOCLINUX),
    [RETURN, 0, 0, ALLOW],
  ]
}

/** One of the allowed families, or the answer of a kernel that does not have the family: programs fall back from that. */
function familiesOnly(call: number): Instruction[] {
  const allowed = [...ALLOWED_FAMILIES.values()]
  const allow = allowed.map((family, index): Instruction => [
    JUMP_IF_EQUAL,
    allowed.length - index,
    0,
    family,
  ])
  return [
    [JUMP_IF_EQUAL, 0, allow.length + 3, call],
    [LOAD, 0, 0, AT.firstArgument],
    ...allow,
    [RETURN, 0, 0, ERRNO | EAFNOSUPPORT],
    [RETURN, 0, 0, ALLOW],
  ]
}

function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(program.length * 8)
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(ifTrue, index * 8 + 2)
    bytes.writeUInt8(ifFalse, index * 8 + 3)
    bytes.writeUInt32LE(value, index * 8 + 4)
  }
  return bytes
}
