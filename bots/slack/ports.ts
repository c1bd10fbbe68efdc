import type { Chat } from '../core/chat.ts'
import type { SlackMessage } from './blocks.ts'
import { openInstallations } from './store/installations.ts'
import { makeSlackPort, type SlackPortOptions } from './post.ts'
import type { StoreConfig } from './store/config.ts'

/** The tokens with which Slack is told: the one of the only workspace, or those that workspaces have granted. */
export type SlackTokens =
  | { readonly kind: 'one'; readonly token: string }
  | { readonly kind: 'many'; readonly store: StoreConfig }

/**
 * Slack as the follower uses it, for each workspace. `removed`: the app is not installed there any more. Throws an
 * `InstallationError` where the token of a workspace cannot be read.
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
        // One for all conversations of a workspace, since they share its limits.
        if (known?.token === token) return known.port
        const port = makeSlackPort({ ...options, token })
        ports.set(teamId, { token, port })
        return port
      }
    }
  }
}
