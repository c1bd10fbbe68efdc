import { isDeepStrictEqual } from 'node:util'
import { Routes, type APIApplication, type REST } from 'discord.js'
import { COMMANDS } from './definitions.ts'

/** What was there, as far as we say it ourselves; Discord adds ids, versions and defaults. */
type Known = Record<string, unknown>

/**
 * Registers the commands for one server, where they are there at once, or everywhere. Writes only where something
 * differs: Discord takes 200 new commands a day and server. Throws what the client throws.
 */
export async function registerCommands(
  rest: REST,
  guildId: string | null,
): Promise<{ readonly written: boolean; readonly names: readonly string[] }> {
  const { id } = (await rest.get(Routes.currentApplication())) as APIApplication
  const route =
    guildId === null ? Routes.applicationCommands(id) : Routes.applicationGuildCommands(id, guildId)
  // In one server a command says nothing of where else it is there.
  const wanted =
    guildId === null
      ? [...COMMANDS]
      : COMMANDS.map(({ integration_types: _types, contexts: _contexts, ...command }) => command)
  const names = wanted.map(({ name }) => name)
  const known = (await rest.get(route)) as Known[]
  const same =
    known.length === wanted.length &&
    wanted.every((command) =>
      known.some((other) => other['name'] === command.name && matches(other, command)),
    )
  if (same) return { written: false, names }
  await rest.put(route, { body: wanted })
  return { written: true, names }
}

/** Whether what is known says the same, where the other says anything; an empty list is as good as none. */
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
    return Object.entries(wanted).every(([key, value]) => matches((known as Known)[key], value))
  }
  // What is optional is left out when it is false.
  return wanted === false ? known === undefined || known === false : isDeepStrictEqual(known, wanted)
}
