import { NOBODY } from '../../../bots/testing/scripted-chat.ts'
import { openSlack } from '../../../bots/testing/slack/open-slack.ts'
import {
  MESSAGE_TS,
  command,
  homeOpened,
  mention,
  press,
  shortcut,
  submission,
} from '../../../bots/testing/slack/payloads.ts'
import { buttonsOf, type Seen } from '../../../bots/testing/slack/slack-world.ts'
import type { Shown } from '../shown.ts'
import type { Person, Talk, TalkOptions } from '../talk.ts'

const USERS = { requester: 'U1', stranger: 'U2' } as const
const THREAD_TS = '1700000000.000050'

export async function openSlackTalk({ api = [], closed, outside, unreadable }: TalkOptions): Promise<Talk> {
  const slack = await openSlack(api === 'unreachable' ? [] : api, {
    env: {
      SLACK_ADMINS: 'U9',
      ...(closed === 'users' && { SLACK_ALLOWED_USERS: 'U9' }),
      ...(closed === 'channels' && { SLACK_ALLOWED_CHANNELS: 'C9,dm' }),
    },
    ...(api === 'unreachable' && { apiUrl: NOBODY }),
  })
  const { world } = slack
  if (outside) world.outside.add('C1')
  if (unreadable) world.faults.set('conversations.replies', 'fatal_error')
  let read = 0
  let last: Seen | null = null
  const where = () => ({ channelId: 'C1', threadTs: MESSAGE_TS, responseUrl: world.responseUrl() })
  const interact = async (payload: object) => void (await world.deliver('interactive', payload))
  const pressed = (action: string, value: string, by: Person = 'requester') =>
    interact(
      press(
        action,
        value,
        action.endsWith('_page')
          ? { user: USERS[by], modal: 'V1' }
          : { user: USERS[by], responseUrl: world.responseUrl() },
      ),
    )
  return {
    origin: { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: USERS.requester, threadTs: null },
    async command(text, by = 'requester') {
      await world.deliver(
        'slash_commands',
        command(text, { user: USERS[by], responseUrl: world.responseUrl() }),
      )
    },
    async write(text, { inThread = false, files: given } = {}) {
      const files = Object.entries(given ?? {}).map(([name, words], index) => {
        const id = `F${index}`
        world.files.set(id, { type: 'text/plain', bytes: Buffer.from(words) })
        return { id, name, size: words.length, url_private_download: `${world.origin}/files/${id}` }
      })
      await world.deliver(
        'events_api',
        mention(text, { ...(inThread && { threadTs: THREAD_TS }), ...(given && { files }) }),
      )
    },
    buildFromMessage: (text) => interact(shortcut(text, { responseUrl: world.responseUrl() })),
    press: pressed,
    pressShown: (action) =>
      pressed(action, buttonsOf(last?.content).find((button) => button.action === action)?.value ?? ''),
    async openHome() {
      await world.deliver('events_api', homeOpened())
    },
    refine: (jobId, prompt) =>
      interact(
        submission(
          { prompt },
          { form: 'refine_backend', metadata: JSON.stringify({ ...where(), refines: jobId }) },
        ),
      ),
    async shown(): Promise<Shown> {
      last = await world.nextShown(read++)
      const as = last.via === 'modal' || last.via === 'home' ? last.via : 'ephemeral'
      return { as, content: last.content }
    },
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  }
}
