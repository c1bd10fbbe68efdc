import { readPrompt } from '#lib/read-prompt'
import { ALLOWED_OF_NODE, FREE_GLOBALS, GLOBAL_MEMBERS } from './allowed.ts'
import { BLOCKING, FORBIDDEN_GLOBALS, FORBIDDEN_PROPERTIES } from './forbidden.ts'

const list = (names: Iterable<string>): string => [...names].join(', ')
const lines = (entries: Iterable<readonly [string, string]>): string =>
  [...entries].map(([name, text]) => `  ${name}${text}`).join('\n')

const members = [...GLOBAL_MEMBERS].map(([name, allowed]): [string, string] => {
  if (allowed === null) return [name, ': all']
  return [name, allowed.size === 0 ? '' : `: ${list(allowed)}`]
})
/** Built-in values by their members: those with the same ones share a line. */
const globals = [...Map.groupBy(members, ([, text]) => text)].map(([text, same]): [string, string] => [
  list(same.map(([name]) => name)),
  text,
])

/** What the code check allows and rejects, for a model that writes a handler. The lists are those of `findViolations`. */
export const CODE_RULES = readPrompt(new URL('prompts/code-rules.md', import.meta.url), {
  GLOBALS: lines(globals),
  FREE_GLOBALS: list(FREE_GLOBALS),
  NODE: lines([...ALLOWED_OF_NODE].map(([name, allowed]): [string, string] => [name, `: ${list(allowed)}`])),
  BLOCKING: list(BLOCKING.keys()),
  FORBIDDEN_GLOBALS: `no ${list(FORBIDDEN_GLOBALS.keys())}`,
  FORBIDDEN_PROPERTIES: list(FORBIDDEN_PROPERTIES.keys()),
})
