import { planContract, type PlanningChat } from '../testing/plan-contract.ts'
import { steeringContract } from '../testing/steering-contract.ts'
import { refineContract } from '../testing/refine-contract.ts'
import { settingsContract, type SettingsChat } from '../testing/settings-contract.ts'
import { chatContract, type Person } from '../testing/chat-contract.ts'
import { NOBODY } from '../testing/scripted-chat.ts'
import type { ApiStep } from '../testing/scripted-api.ts'
import { openSlack } from '../testing/slack/open-slack.ts'
import {
  MESSAGE_TS,
  command,
  mention,
  press,
  reaction,
  settingsSubmission,
  shortcut,
  submission,
} from '../testing/slack/payloads.ts'
import { buttonsOf, wordsOf } from '../testing/slack/slack-world.ts'

const USERS = { requester: 'U1', stranger: 'U2', admin: 'U9' } as const

/** The contract in Slack, over Socket Mode. */
async function openSlackChat(
  steps: readonly ApiStep[] | 'unreachable',
  { teamRefines = false } = {},
): Promise<PlanningChat & SettingsChat> {
  const script = steps === 'unreachable' ? [] : steps
  const slack = await openSlack(script, {
    env: { SLACK_ADMINS: USERS.admin, ...(teamRefines && { SLACK_REFINE_BY: 'team' }) },
    ...(steps === 'unreachable' && { apiUrl: NOBODY }),
  })
  const { world } = slack
  let read = 0
  let mentions = 0
  return {
    originOf: (by: Person) => ({
      kind: 'slack',
      teamId: 'T1',
      channelId: 'C1',
      userId: USERS[by],
      threadTs: null,
    }),
    originElsewhere: () => ({
      kind: 'slack',
      teamId: 'T2',
      channelId: 'C7',
      userId: 'U7',
      threadTs: null,
    }),
    requesterName: USERS.requester,
    async command(text, { by = 'requester', delivery } = {}) {
      const responseUrl = world.responseUrl()
      await world.deliver(
        'slash_commands',
        command(text, { user: USERS[by], responseUrl, ...(delivery && { triggerId: `13.${delivery}` }) }),
      )
    },
    async press(action, jobId, by = 'requester') {
      await world.deliver(
        'interactive',
        action.endsWith('_page')
          ? press(action, jobId, { user: USERS[by], modal: 'V1' })
          : press(action, jobId, { user: USERS[by], responseUrl: world.responseUrl() }),
      )
    },
    async refine(jobId, prompt, { by = 'requester', delivery } = {}) {
      const where = { channelId: 'C1', threadTs: MESSAGE_TS, responseUrl: world.responseUrl() }
      await world.deliver(
        'interactive',
        submission(
          { prompt },
          {
            user: USERS[by],
            form: 'refine_backend',
            metadata: JSON.stringify({ ...where, refines: jobId }),
            ...(delivery && { viewId: `V${delivery}` }),
          },
        ),
      )
    },
    place: `slack:T1:C1:${MESSAGE_TS}`,
    async react(emoji, by = 'requester') {
      await world.deliver('events_api', reaction(emoji, { user: USERS[by] }))
    },
    async write(text, shared) {
      const attachments = shared === undefined ? [] : [{ is_share: true, text: shared, author_id: 'U7' }]
      await world.deliver('events_api', mention(text, { event: { attachments } }))
    },
    async submitPlan(subject, chosen, words, by = 'requester') {
      const [refines = '', version] = subject.split('.')
      const where = { channelId: 'C1', threadTs: MESSAGE_TS, responseUrl: world.responseUrl() }
      const selects = chosen.map((value, at) => [`question_${at}`, { value: { selected_option: { value } } }])
      await world.deliver(
        'interactive',
        submission(
          { fields: { words: { value: { value: words } }, ...Object.fromEntries(selects) } },
          {
            user: USERS[by],
            form: 'plan_changes',
            metadata: JSON.stringify({ ...where, refines, planVersion: Number(version) }),
          },
        ),
      )
    },
    async writeInThread(text, { by = 'requester', delivery } = {}) {
      await world.deliver(
        'events_api',
        mention(text, {
          user: USERS[by],
          threadTs: MESSAGE_TS,
          ts: `1700000000.0009${delivery === undefined ? String(++mentions).padStart(2, '0') : '00'}`,
        }),
      )
    },
    async buildFromMessage(text) {
      await world.deliver('interactive', shortcut(text, { responseUrl: world.responseUrl() }))
    },
    workspaceWord: 'workspace',
    async settings(of, by = 'requester') {
      const word = { channel: '', workspace: ' workspace', person: ' me' }[of]
      const responseUrl = world.responseUrl()
      await world.deliver('slash_commands', command(`settings${word}`, { user: USERS[by], responseUrl }))
    },
    async submitSettings(form, holder, values, by = 'requester') {
      const where = { channelId: 'C1', threadTs: null, responseUrl: world.responseUrl() }
      const metadata = JSON.stringify({ holder, form, ...where })
      await world.deliver('interactive', settingsSubmission(values, { user: USERS[by], metadata }))
    },
    async shownForm() {
      const { via, content } = await world.nextShown(read++)
      return via === 'modal' ? JSON.stringify(content) : ''
    },
    async nextReply() {
      const { content } = await world.nextShown(read++)
      return {
        // Labels and options of a form are plain texts.
        text:
          wordsOf(content['blocks']) +
          JSON.stringify(content['callback_id'] === 'plan_changes' ? content['blocks'] : ''),
        buttons: buttonsOf(content).map(({ action, value }) => ({ action, jobId: value })),
      }
    },
    async countReplies() {
      await slack.stop()
      return world.seen.length
    },
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  }
}

chatContract('Slack', openSlackChat)
refineContract('Slack', openSlackChat)
steeringContract('Slack', openSlackChat)
planContract('Slack', openSlackChat)
settingsContract('Slack', openSlackChat)
