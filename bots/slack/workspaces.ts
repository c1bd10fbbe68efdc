import type { InstallationStore } from '@slack/bolt'
import type { Logger } from '#lib/log'
import type { SlackInbound } from './inbound.ts'
import type { Installation, Installations } from './store/installations.ts'

/** The workspaces where the app is installed. */
export type Workspaces = {
  /** The inbound port of a workspace; null if the app is not installed there. */
  of(teamId: string | undefined): Promise<SlackInbound | null>
  /** The app was uninstalled from a workspace, or its token revoked, at that time. */
  removed(teamId: string, at: Date): Promise<void>
}

/** The single configured workspace: every event belongs to it, including those of external guests. */
export const oneWorkspace = (context: SlackInbound): Workspaces => ({
  of: async () => context,
  removed: async () => {},
})

/** Workspaces that installed the app. Read for every event, since another process may have changed them. */
export function manyWorkspaces(deps: {
  readonly installations: Installations
  readonly open: (installation: Installation) => SlackInbound
  readonly log: Logger
}): Workspaces {
  const { installations, open, log } = deps
  const contexts = new Map<string, { readonly token: string; readonly context: SlackInbound }>()
  return {
    async of(teamId) {
      const installation = teamId === undefined ? null : await installations.read(teamId)
      if (installation === null) {
        contexts.delete(teamId ?? '')
        return null
      }
      const { teamId: id, botToken: token } = installation
      const known = contexts.get(id)
      if (known?.token === token) return known.context
      const context = open(installation)
      contexts.set(id, { token, context })
      return context
    },
    async removed(teamId, at) {
      const installation = await installations.read(teamId).catch(() => null)
      // A late event; the app has been reinstalled since.
      if (installation !== null && Date.parse(installation.installedAt) > at.getTime()) return
      await installations.remove(teamId)
      contexts.delete(teamId)
      log.info({ teamId }, 'Slack: app uninstalled from workspace')
    },
  }
}

/** Stores installations from Bolt's installer. Errors are shown to the person installing the app. */
export function toInstallationStore(
  installations: Installations,
  allowedTeams: readonly string[],
): InstallationStore {
  return {
    async storeInstallation({ team, enterprise, bot, isEnterpriseInstall }) {
      if (isEnterpriseInstall || team === undefined)
        throw new Error('Install the app in a workspace: it cannot serve a whole organization at once.')
      if (bot === undefined) throw new Error('Slack granted no bot token: check the scopes of the app.')
      if (bot.expiresAt !== undefined)
        throw new Error('Turn token rotation off in the settings of the app: its tokens would expire.')
      if (allowedTeams.length > 0 && !allowedTeams.includes(team.id))
        throw new Error('This workspace is not on the list of those that may install the app.')
      await installations.write({
        teamId: team.id,
        workspace: team.name ?? team.id,
        enterpriseId: enterprise?.id ?? null,
        botToken: bot.token,
        botUserId: bot.userId,
        botId: bot.id || null,
        installedAt: new Date().toISOString(),
      })
    },
    async fetchInstallation({ teamId }) {
      const found = teamId === undefined ? null : await installations.read(teamId)
      if (found === null) throw new Error('The app is not installed in this workspace.')
      const { enterpriseId, workspace, botToken: token, botUserId: userId, botId } = found
      return {
        team: { id: found.teamId, name: workspace },
        enterprise: enterpriseId === null ? undefined : { id: enterpriseId },
        user: { id: userId, token: undefined, scopes: undefined },
        bot: { token, userId, id: botId ?? '', scopes: [] },
        isEnterpriseInstall: false,
        authVersion: 'v2',
      }
    },
  }
}
