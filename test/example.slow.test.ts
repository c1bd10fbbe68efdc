import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Report } from '#contract'
import { EXAMPLE, makeExample } from './support/example.ts'
import { ROOT } from './support/service.ts'

it(
  'the recorded example matches a run; `npm run example` updates it',
  { timeout: 480_000 },
  async ({ skip }) => {
    const at = join(ROOT, EXAMPLE)
    const read = (name: string) => readFile(join(at, name), 'utf8')
    const made = await makeExample()
    const { verification } = JSON.parse(made.get('report.json')!) as Pick<Report, 'verification'>
    skip(
      verification.sandbox !== 'bubblewrap',
      'the example was recorded in bubblewrap, which this machine lacks',
    )
    expect((await readdir(at)).sort()).toEqual(['README.md', ...made.keys()].sort())
    for (const [name, text] of made) expect([name, await read(name)]).toEqual([name, text])
  },
)
