import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeProgram } from '#lib/testing/write-program'
import { elfProgram, HEADER_BYTES, LOAD_ADDRESS } from '../../elf.ts'
import type { Attack } from './attack.ts'

type Argument = number | string
/** A system call of x86-64 Linux by its number; a string is passed as the address of its bytes. */
export type SystemCall = { readonly number: number; readonly args: readonly Argument[] }

/** `mov` of 64 bits into rdi, rsi, rdx, r10, r8, r9. */
const MOVES = [
  [0x48, 0xbf],
  [0x48, 0xbe],
  [0x48, 0xba],
  [0x49, 0xba],
  [0x49, 0xb8],
  [0x49, 0xb9],
] as const
const SYSCALL = [0x0f, 0x05]
const EXIT = [0xb8, 60, 0, 0, 0, ...SYSCALL]
/** `test rax, rax; jns` over the rest; `neg rax; mov rdi, rax; exit`: the process ends with the error's number. */
const EXIT_ON_ERROR = [0x48, 0x85, 0xc0, 0x79, 13, 0x48, 0xf7, 0xd8, 0x48, 0x89, 0xc7, ...EXIT]
const EXIT_WELL = [0x31, 0xff, ...EXIT]

/**
 * A whole Linux program that makes these calls and nothing else: machine code that a project can carry in a string, so
 * that attackers are not limited to what Node offers. It exits with 0, or with the first errno.
 */
export function nativeProgram(calls: readonly SystemCall[]): Buffer {
  const codeLength = calls.reduce((sum, { args }) => sum + 5 + 10 * args.length + 2 + EXIT_ON_ERROR.length, 0)
  let textAt = HEADER_BYTES + codeLength + EXIT_WELL.length
  const texts: Buffer[] = []
  const code: number[] = []
  for (const { number, args } of calls) {
    for (const [index, arg] of args.entries()) {
      let value = BigInt(0)
      if (typeof arg === 'string') {
        const text = Buffer.from(`${arg}\0`)
        value = BigInt(LOAD_ADDRESS + textAt)
        texts.push(text)
        textAt += text.length
      } else value = BigInt.asUintN(64, BigInt(arg))
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(value)
      code.push(...MOVES[index]!, ...bytes)
    }
    const rax = Buffer.alloc(4)
    rax.writeUInt32LE(number)
    code.push(0xb8, ...rax, ...SYSCALL, ...EXIT_ON_ERROR)
  }
  return elfProgram('x64', Buffer.concat([Buffer.from([...code, ...EXIT_WELL]), ...texts]))
}

/** An attack by machine code that is written to the scratch folder and run there. */
export const nativeAttack = (
  name: string,
  calls: (world: { worker: number; scratch: string }) => readonly SystemCall[],
): Attack => ({
  name,
  program: ({ worker }, { scratch }) => `
    const path = process.env.TMPDIR + '/native'
    fs.writeFileSync(path, Buffer.from('${nativeProgram(calls({ worker, scratch })).toString('base64')}', 'base64'), { mode: 0o755 })
    const { status, signal, error } = cp.spawnSync(path)
    console.log(status === 0 ? 'GOT' : 'REFUSED ' + (error?.code ?? signal ?? 'errno ' + status))`,
  // EPERM or EAFNOSUPPORT from the filter, ESRCH or ENOENT when there is nothing to find.
  stoppedBy: /REFUSED errno (1|2|3|97)$/m,
})

/** Whether this machine permits these calls outside a sandbox. */
export function worksOutside(calls: readonly SystemCall[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'native-'))
  try {
    const path = join(folder, 'native')
    writeProgram(path, nativeProgram(calls))
    return spawnSync(path).status === 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}
