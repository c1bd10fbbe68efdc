import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startFakeSlack } from '../../bots/slack/testing/fake-slack.ts'
import { command } from '../../bots/testing/slack/payloads.ts'
import { startSlackWorld } from '../../bots/testing/slack/slack-world.ts'

/**
 * Slack as a program, for services in a network of their own: types a command once an app is connected, and writes the
 * archive that is posted to a thread into a folder. `slack-main.ts FOLDER PROMPT`
 */
const [folder = '.', prompt = ''] = process.argv.slice(2)
await using slack = await startFakeSlack()
await using world = await startSlackWorld({ behind: slack.url })
console.log(`Slack on ${world.apiUrl}`)

while (world.sockets.size === 0) await sleep(50)
await world.deliver('slash_commands', command(prompt, { responseUrl: world.responseUrl() }))
console.log('acknowledged')

const posted = () =>
  slack.messages
    .flatMap(({ thread_ts: thread, files = [] }) => (thread === undefined ? [] : files))
    .map((id) => slack.files.get(id))
    .find((file) => file?.bytes)
while (posted() === undefined) await sleep(50)
const { name, bytes } = posted()!
await writeFile(join(folder, name), bytes!)
console.log(`archive ${name}`)
// Until the last message is out, and this program is ended.
await sleep(600_000)
