import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** The subset of Docker's profile format that the profile uses. */
export const SeccompProfile = z.strictObject({
  defaultAction: z.literal('SCMP_ACT_ERRNO'),
  defaultErrnoRet: z.int(),
  archMap: z.array(z.strictObject({ architecture: z.string(), subArchitectures: z.array(z.string()) })),
  syscalls: z.array(
    z.strictObject({
      comment: z.string(),
      names: z.array(z.string()).min(1),
      action: z.enum(['SCMP_ACT_ALLOW', 'SCMP_ACT_ERRNO']),
      errnoRet: z.int().optional(),
      args: z
        .array(z.strictObject({ index: z.int(), value: z.int(), op: z.literal('SCMP_CMP_EQ') }))
        .length(1)
        .optional(),
    }),
  ),
})
export type SeccompProfile = z.infer<typeof SeccompProfile>

/** System call numbers on x86-64, from the kernel headers; null if not installed. */
export async function systemCallNumbers(): Promise<Map<string, number> | null> {
  const header = await readFile('/usr/include/x86_64-linux-gnu/asm/unistd_64.h', 'utf8').catch(() => null)
  if (header === null) return null
  return new Map(
    [...header.matchAll(/^#define __NR_(\w+)\s+(\d+)/gm)].map((match) => [match[1]!, Number(match[2])]),
  )
}

const LOAD = 0x20
const JUMP_IF_EQUAL = 0x15
const RETURN = 0x06
const X86_64 = 0xc000003e
const KILL = 0x80000000
const ALLOW = 0x7fff0000
const ERRNO = 0x00050000
/** Offsets in `struct seccomp_data`. */
const AT = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index }

/** Compiles a profile to a BPF program for x86-64, like a container engine. */
export function compileFilter(profile: SeccompProfile, numbers: ReadonlyMap<string, number>): Buffer {
  const program: [code: number, ifTrue: number, ifFalse: number, value: number][] = [
    [LOAD, 0, 0, AT.architecture],
    [JUMP_IF_EQUAL, 1, 0, X86_64],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, AT.number],
  ]
  for (const { names, action, errnoRet, args } of profile.syscalls) {
    const result = action === 'SCMP_ACT_ALLOW' ? ALLOW : ERRNO | (errnoRet ?? 1)
    for (const name of names) {
      const number = numbers.get(name)
      if (number === undefined) continue // Of another architecture, or of a newer kernel.
      const argument = args?.[0]
      if (argument === undefined) program.push([JUMP_IF_EQUAL, 0, 1, number], [RETURN, 0, 0, result])
      else
        program.push(
          [JUMP_IF_EQUAL, 0, 4, number],
          [LOAD, 0, 0, AT.argument(argument.index)],
          [JUMP_IF_EQUAL, 0, 1, argument.value],
          [RETURN, 0, 0, result],
          [LOAD, 0, 0, AT.number],
        )
    }
  }
  program.push([RETURN, 0, 0, ERRNO | profile.defaultErrnoRet])

  const bytes = Buffer.alloc(program.length * 8)
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(ifTrue, index * 8 + 2)
    bytes.writeUInt8(ifFalse, index * 8 + 3)
    bytes.writeUInt32LE(value, index * 8 + 4)
  }
  return bytes
}
