import { loadDotEnv } from '#lib/dot-env'
import { describeStartError } from '#lib/run-main'
import { keysCommand } from './keys.ts'

loadDotEnv(process)
try {
  console.log(
    keysCommand(process.argv.slice(2), {
      setting: process.env['API_KEYS'] ?? '',
      webhookSecret: process.env['WEBHOOK_SECRET'] ?? '',
      now: new Date(),
    }),
  )
} catch (error) {
  console.error(describeStartError(error))
  process.exitCode = 2
}
