import { isDeepStrictEqual } from 'node:util'
import { Routes, type APIApplication, type REST } from 'discord.js'
import { COMMANDS } from './definitions.ts'

/** A command as Discord returns it, with IDs, versions and defaults added. */
type Registered = Record<string, unknown>

/**
 * Registers the commands on one server, where they are available at once, or globally. Writes only if something changed:
 * Discord accepts 200 new commands per server and day. Rethrows the client's errors.
 */
export async function registerCommands(
  rest: REST,
  guildId: string | null,
): Promise<{ readonly written: boolean; readonly names: readonly string[] }> {
  const { id } = (await rest.get(Routes.currentApplication())) as APIApplication
  const route =
    guildId === null ? Routes.applicationCommands(id) : Routes.applicationGuildCommands(id, guildId)
  // A command of one server has no contexts or installation types.
  const wanted =
    guildId === null
      ? [...COMMANDS]
      : COMMANDS.map(({ integration_types: _types, contexts: _contexts, ...command }) => command)
  const names = wanted.map(({ name }) => name)
  const known = (await rest.get(route)) as Registered[]
  const same =
    known.length === wanted.length &&
    wanted.every((command) =>
      known.some((other) => other['name'] === command.name && matches(other, command)),
    )
  if (same) return { written: false, names }
  await rest.put(route, { body: wanted })
  return { written: true, names }
}

/** Whether the registered command has every field of the wanted one; an empty list equals a missing one. */
function matches(known: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (wanted.length === 0) return known === undefined || (Array.isArray(known) && known.length === 0)
    return (
      Array.isArray(known) &&
      known.length === wanted.length &&
      wanted.every((item, index) => matches(known[index], item))
    )
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof known !== 'object' || known === null) return false
    return Object.entries(wanted).every(([key, value]) => matches((known as Registered)[key], value))
  }
  // Discord omits optional fields that are false.
  return wanted === false ? known === undefined || known === false : isDeepStrictEqual(known, wanted)
}
