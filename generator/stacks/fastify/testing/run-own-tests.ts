import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Blueprint } from '#contract'
import { fastify } from '../stack.ts'

const { kitDirectory } = fastify
export const isKitInstalled = existsSync(join(kitDirectory, 'node_modules/typescript'))

/** What the type check and the own tests of a project print where they fail; empty where they pass. And its files as one text. */
export async function runOwnTests(blueprint: Blueprint): Promise<{ failures: string; text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'own-tests-'))
  try {
    const files = await fastify.render(blueprint, { handlers: {}, extra: [] })
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    symlinkSync(join(kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const run = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
      return status === 0 ? '' : stdout + stderr
    }
    const failures =
      run('node_modules/typescript/bin/tsc', '--singleThreaded') ||
      run('--test', '--test-isolation=none', 'tests/**/*.test.ts')
    return { failures, text: files.map(({ content }) => content).join('\n') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
