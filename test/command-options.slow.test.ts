import { expect, it } from 'vitest'
import { run } from './support/process.ts'
import { ROOT } from './support/service.ts'

it.each([
  'cli/main.ts',
  'cli/keys-main.ts',
  'cli/doctor-main.ts',
  'bots/slack/manifest-main.ts',
  'bots/discord/admin-main.ts',
])(
  '%s lists its options when given an unknown one',
  async (file) => {
    const command = run(process.execPath, [file, '--no-such-option'], { cwd: ROOT })
    expect(await command.exited).toMatchObject({ code: 2 })
    expect(command.output()).toMatch(/^Unknown option --no-such-option\. Available options: --/m)
    expect(command.output()).not.toMatch(/\n\s+at |TypeError|Unknown option '/)
  },
  60_000,
)
