import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { fastify } from '../stack.ts'
import { kitDirectory } from '../kit.ts'
import { scarce } from './testing/scarce-rows.ts'

it('a project with little room for rows type-checks and passes its own tests', async () => {
  expect(await check(scarce)).toEqual({ types: '', tests: '' })
})

async function check(given: Blueprint) {
  const folder = mkdtempSync(join(tmpdir(), 'scarce-'))
  try {
    for (const { path, content } of await fastify.render(given, { handlers: {}, extra: [] })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    symlinkSync(join(kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const run = (...args: string[]) => {
      const result = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
      return result.status === 0 ? '' : result.stdout + result.stderr
    }
    return {
      types: run('node_modules/typescript/bin/tsc', '--singleThreaded'),
      tests: run('--test', '--test-isolation=none', 'tests/**/*.test.ts'),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
