import { availableParallelism } from 'node:os'
import { discordAck } from './discord-ack.ts'
import { fiftyJobs } from './fifty-jobs.ts'
import { slackAck } from './slack-ack.ts'
import { thousandJobs } from './thousand-jobs.ts'
import { todoPath } from './todo-path.ts'
import { verifyOverhead } from './verify-overhead.ts'
import { writePath } from './write-path.ts'

/** `npm run bench -- 7 jobs` runs one of them. */
const [given = '7', only] = process.argv.slice(2)
const runs = Number(given)
const sections: Readonly<Record<string, () => Promise<string>>> = {
  todo: () => todoPath({ runs }),
  verify: () => verifyOverhead({ runs }),
  write: () => writePath({ runs: Math.min(runs, 5) }),
  jobs: () => fiftyJobs(),
  slack: () => slackAck(),
  thousand: () => thousandJobs(),
  discord: () => discordAck(),
}

if (!Number.isInteger(runs) || runs < 1 || (only !== undefined && !(only in sections))) {
  console.error(`Usage: npm run bench -- [runs] [${Object.keys(sections).join(' | ')}]`)
  process.exit(2)
}

// Ratios against a baseline measured in the same run, since absolute times depend on the machine.
console.log(`Node ${process.version}, ${availableParallelism()} cores`)
for (const [name, measure] of Object.entries(sections))
  if (only === undefined || only === name) console.log(`\n${await measure()}`)
