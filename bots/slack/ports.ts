import type { Chat } from '../core/chat.ts'
import type { SlackMessage } from './blocks.ts'
import { openInstallations } from './store/installations.ts'
import { makeSlackPort, type SlackPortOptions } from './post.ts'
import type { StoreConfig } from './store/config.ts'

/** Bot tokens for sending: a single workspace's, or those of installed workspaces. */
export type SlackTokens =
  | { readonly kind: 'one'; readonly token: string }
  | { readonly kind: 'many'; readonly store: StoreConfig }

/**
 * Slack's chat port for each workspace. `removed`: the app has been uninstalled there. Throws an `InstallationError` if
 * a workspace's token cannot be read.
 */
export function makeSlackPorts(
  tokens: SlackTokens,
  options: Omit<SlackPortOptions, 'token'>,
): (teamId: string) => Promise<Chat<SlackMessage> | 'removed'> {
  switch (tokens.kind) {
    case 'one': {
      const port = makeSlackPort({ ...options, token: tokens.token })
      return async () => port
    }
    case 'many': {
      const installations = openInstallations(tokens.store)
      const ports = new Map<string, { readonly token: string; readonly port: Chat<SlackMessage> }>()
      return async (teamId) => {
        const installation = await installations.read(teamId)
        if (installation === null) {
          ports.delete(teamId)
          return 'removed'
        }
        const { botToken: token } = installation
        const known = ports.get(teamId)
        // One port per workspace, since its conversations share rate limits.
        if (known?.token === token) return known.port
        const port = makeSlackPort({ ...options, token })
        ports.set(teamId, { token, port })
        return port
      }
    }
  }
}
