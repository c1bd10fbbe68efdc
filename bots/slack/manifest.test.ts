import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { COMMAND_NAME } from '../core/commands.ts'
import { SHORTCUT_ID } from './shortcut.ts'
import { installLink, slackManifest } from './manifest.ts'

describe('the manifest of the Slack app', () => {
  it('uses Socket Mode and no URL by default', () => {
    const { settings, features } = slackManifest()
    expect(settings.socket_mode_enabled).toBe(true)
    expect(JSON.stringify({ settings, features })).not.toContain('http')
    expect(features.slash_commands.map(({ command }) => command)).toEqual([COMMAND_NAME])
  })

  it('uses one URL everywhere for HTTP', () => {
    const text = JSON.stringify(slackManifest({ publicUrl: 'https://bots.example.com/' }))
    expect(text.match(/https:\/\/bots\.example\.com\/slack\/events/g)).toHaveLength(3)
    expect(text).toContain('"socket_mode_enabled":false')
  })

  it('requests usergroups:read only when needed', () => {
    expect(slackManifest().oauth_config.scopes.bot).not.toContain('usergroups:read')
    expect(slackManifest({ adminGroups: true }).oauth_config.scopes.bot).toContain('usergroups:read')
  })

  it('has a reason for every scope in the guide', async () => {
    const guide = await readFile(new URL('../../docs/operate/slack.md', import.meta.url), 'utf8')
    const missing = slackManifest({ adminGroups: true }).oauth_config.scopes.bot.filter(
      (scope) => !guide.includes(`\`${scope}\``),
    )
    expect(missing).toEqual([])
  })

  it('has the message shortcut that the app handles', () => {
    expect(slackManifest().features.shortcuts).toMatchObject([
      { name: 'Build a backend from this', type: 'message', callback_id: SHORTCUT_ID },
    ])
  })

  it('has an install link that prefills it', () => {
    const manifest = slackManifest()
    const link = new URL(installLink(manifest))
    expect(link.origin + link.pathname).toBe('https://api.slack.com/apps')
    expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(manifest)
  })
})
