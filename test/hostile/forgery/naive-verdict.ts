import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { openWorkspace } from '../../../generator/sandbox/workspace.ts'
import type { ProjectFile } from '../../../generator/ports.ts'
import { freePort } from '../../support/ports.ts'
import { defaultStack } from '../../../generator/stacks/registry.ts'

/** Judges by the results that the project's own process reports, or by the exit code of `node --test`. */
export type NaiveJudge = 'results' | 'exit code'

const JUDGE = new URL('./naive-judge.mts', import.meta.url).href

/** Whether an in-process judge accepts the project. */
export async function naiveVerdict(
  judge: NaiveJudge,
  files: readonly ProjectFile[],
  nodeModules: string,
): Promise<boolean> {
  await using workspace = await openWorkspace(files, { parent: tmpdir(), user: null })
  await symlink(nodeModules, join(workspace.project, 'node_modules'))
  const args =
    judge === 'results'
      ? ['--import', JUDGE, 'src/index.ts']
      : ['--test', '--test-isolation=none', 'tests/**/*.test.ts']
  const child = spawn(execPath, args, {
    cwd: workspace.project,
    env: {
      ...defaultStack.verifyEnvironment({ scratch: workspace.scratch, apiKey: 'naive' }),
      PORT: String(await freePort()),
    },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [said, [code]] = await Promise.all([text(child.stdio[3] as Readable), once(child, 'exit')])
  return code === 0 && (judge === 'exit code' || isGood(said))
}

type Message = { kind: string; status?: number; passed?: number; failed?: number }

function isGood(said: string): boolean {
  const messages = said
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Message)
  const probes = messages.filter(({ kind }) => kind === 'probe')
  const tests = messages.findLast(({ kind }) => kind === 'tests')
  return (
    probes.length > 0 &&
    probes.every(({ status }) => status === 200) &&
    tests?.failed === 0 &&
    (tests.passed ?? 0) > 0
  )
}
