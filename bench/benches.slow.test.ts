import { expect, test } from 'vitest'
import { EVERYTHING } from '../test/support/everything.ts'
import { discordAck } from './discord-ack.ts'
import { fiftyJobs } from './fifty-jobs.ts'
import { slackAck } from './slack-ack.ts'
import { todoPath } from './todo-path.ts'
import { verifyOverhead } from './verify-overhead.ts'
import { writePath } from './write-path.ts'

const few = { commands: 2, load: { jobs: 1, seconds: 0.1 } }

/**
 * Each benchmark in its smallest form: it runs, whatever it measures. The soak runs all but `thousand`, which
 * waits for memory to settle; the gate runs one that goes from a request to an archive.
 */
const BENCHES = [
  ['todo', () => todoPath({ runs: 1 }), 'Todo prompt'],
  ['verify', () => verifyOverhead({ runs: 1 }), 'Verifying the todo project'],
  ['write', () => writePath({ runs: 1, operations: 2 }), '2 operations written'],
  ['jobs', () => fiftyJobs({ jobs: 1, warmJobs: 0 }), '1 jobs'],
  ['slack', () => slackAck(few), 'Acknowledging 2 commands'],
  ['discord', () => discordAck(few), 'Acknowledging 2 commands'],
] as const

test.each(BENCHES.filter(([name]) => EVERYTHING || name === 'todo'))(
  'the bench `%s` runs to its end',
  { timeout: 480_000 },
  async (_name, run, title) => {
    const report = await run()
    expect(report).toContain(title)
    expect(report).not.toContain('NaN')
  },
)
