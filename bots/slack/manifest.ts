import manifest from './manifest.json' with { type: 'json' }

type Manifest = typeof manifest

/**
 * The app as Slack is to know it. `publicUrl` turns Socket Mode off: Slack then sends to that address. `adminGroups`
 * adds the one scope that looking up the members of user groups needs. Pure.
 */
export function slackManifest(
  options: { readonly publicUrl?: string; readonly adminGroups?: boolean } = {},
): Manifest {
  const { publicUrl, adminGroups } = options
  const { features, oauth_config, settings } = manifest
  const bot = [...oauth_config.scopes.bot, ...(adminGroups ? ['usergroups:read'] : [])]
  const url = publicUrl && new URL('/slack/events', publicUrl).href
  return {
    ...manifest,
    features: {
      ...features,
      slash_commands: features.slash_commands.map((command) => ({ ...command, ...(url && { url }) })),
    },
    oauth_config: { ...oauth_config, scopes: { bot } },
    settings: {
      ...settings,
      event_subscriptions: { ...settings.event_subscriptions, ...(url && { request_url: url }) },
      interactivity: { ...settings.interactivity, ...(url && { request_url: url }) },
      socket_mode_enabled: !url,
    },
  }
}

/** Opens Slack's page for a new app with everything filled in. */
export const installLink = (from: Manifest): string =>
  `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(from))}`
