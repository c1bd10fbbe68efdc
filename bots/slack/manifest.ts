import manifest from './manifest.json' with { type: 'json' }

type Manifest = typeof manifest

/**
 * The app manifest. `publicUrl` turns Socket Mode off and sets the request URLs. `adminGroups` adds the scope for reading
 * user groups, `workspaces` the redirect URL and events for installation by other workspaces. Pure.
 */
export function slackManifest(
  options: {
    readonly publicUrl?: string
    readonly adminGroups?: boolean
    readonly workspaces?: boolean
  } = {},
): Manifest {
  const { publicUrl, adminGroups, workspaces } = options
  const { features, oauth_config, settings } = manifest
  const bot = [...oauth_config.scopes.bot, ...(adminGroups ? ['usergroups:read'] : [])]
  const back = publicUrl && workspaces && new URL('/slack/oauth_redirect', publicUrl).href
  const removal = workspaces ? ['app_uninstalled', 'tokens_revoked'] : []
  const url = publicUrl && new URL('/slack/events', publicUrl).href
  return {
    ...manifest,
    features: {
      ...features,
      slash_commands: features.slash_commands.map((command) => ({ ...command, ...(url && { url }) })),
    },
    oauth_config: { ...oauth_config, ...(back && { redirect_urls: [back] }), scopes: { bot } },
    settings: {
      ...settings,
      event_subscriptions: {
        bot_events: [...settings.event_subscriptions.bot_events, ...removal],
        ...(url && { request_url: url }),
      },
      interactivity: { ...settings.interactivity, ...(url && { request_url: url }) },
      socket_mode_enabled: !url,
    },
  }
}

/** A link to Slack's page for a new app, prefilled with the manifest. */
export const installLink = (from: Manifest): string =>
  `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(from))}`
