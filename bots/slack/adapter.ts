import type { ChatOrigin } from '#contract'
import type { ChatAdapter } from '../core/chat-adapter.ts'
import { slackSending, slackSendingVariables, type SlackSending } from './sending/config.ts'

type SlackOrigin = Extract<ChatOrigin, { kind: 'slack' }>

export const slack: ChatAdapter<SlackOrigin, SlackSending> = {
  kind: 'slack',
  name: 'Slack',
  setupHint: 'Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; docs/operate/slack.md explains where to get them.',
  receive: {
    isConfigured: ({ slack }) => slack !== null,
    async start({ slack: config }, deps) {
      if (config === null) throw new Error('Slack is not configured')
      const { startSlack } = await import('./start-slack.ts')
      const mode = config.receive.mode === 'socket' ? 'Socket Mode' : 'HTTP'
      return Object.assign(startSlack({ config, ...deps }), { mode })
    },
  },
  send: {
    variables: slackSendingVariables,
    settings: slackSending,
    async open({ tokens, apiUrl }, signal) {
      const { makeSlackPorts } = await import('./ports.ts')
      const portOf = makeSlackPorts(tokens, { apiUrl, signal })
      return { chatFor: ({ teamId }) => portOf(teamId) }
    },
    destinationOf: ({ channelId, threadTs }) => ({
      channelId,
      threadId: threadTs,
      uploadLimit: null,
      isDirect: channelId.startsWith('D'),
    }),
  },
}
