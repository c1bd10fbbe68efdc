import { OAuth2Scopes } from 'discord.js'
import { invitePermissions } from './required-permissions.ts'

/** The link that invites the bot to a server, with the minimum permissions. */
export function inviteLink(applicationId: string, threads: 'public' | 'private'): string {
  const url = new URL('https://discord.com/oauth2/authorize')
  url.searchParams.set('client_id', applicationId)
  url.searchParams.set('scope', [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '))
  url.searchParams.set('permissions', String(invitePermissions(threads)))
  return String(url)
}
