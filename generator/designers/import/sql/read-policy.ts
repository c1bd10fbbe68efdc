import type { Catalog } from './catalog.ts'
import type { RowPolicy } from './table-definition.ts'
import type { Reader } from './token-reader.ts'

const COMMANDS = ['all', 'select', 'insert', 'update', 'delete'] as const
/** Roles that everyone who asks has. */
const EVERYONE = new Set(['public', 'anon', 'authenticated'])

/** Reads what follows CREATE POLICY. */
export function readPolicy(reader: Reader, catalog: Catalog): void {
  const name = reader.isName() ? reader.name('a policy') : ''
  const table = reader.accept('on') ? catalog.find(reader.tableName('a table')) : undefined
  let command: RowPolicy['command'] = 'all'
  let isOpen = true
  while (!reader.isEnd()) {
    if (reader.accept('as')) isOpen &&= reader.accept('permissive')
    else if (reader.accept('for')) command = COMMANDS.find((word) => reader.accept(word)) ?? command
    else if (reader.accept('to')) {
      const roles: string[] = []
      do roles.push(reader.next()?.text.toLowerCase() ?? '')
      while (reader.accept(','))
      isOpen &&= roles.some((role) => EVERYONE.has(role))
    } else if (reader.accept('using') || reader.accept('with', 'check')) {
      const condition = reader.accept('(') ? reader.inBrackets() : []
      const words = condition.filter(({ text }) => text !== '(' && text !== ')')
      isOpen &&= words.length === 1 && /^true$/i.test(words[0]!.text)
    } else reader.next()
  }
  table?.policies.push({ name, command, isOpen })
}
