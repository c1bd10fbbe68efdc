import { describe, expect, it } from 'vitest'
import { ALLOWED_OF_NODE, FREE_GLOBALS, GLOBAL_MEMBERS } from './allowed.ts'
import { CODE_RULES } from './code-rules.ts'
import { BLOCKING, FORBIDDEN_GLOBALS, FORBIDDEN_PROPERTIES, FORBIDDEN_SYNTAX } from './forbidden.ts'
import { ATTACKS, FILE_ATTACKS } from './testing/attacks.ts'

/** How the instructions name each kind of syntax that is refused. */
const SYNTAX: Readonly<Record<string, string>> = {
  ImportExpression: 'import()',
  MetaProperty: 'import.meta',
  TSImportType: 'import()',
  TSAnyKeyword: 'types any',
  WithStatement: 'with,',
  DebuggerStatement: 'debugger',
  TaggedTemplateExpression: 'tagged templates',
  StaticBlock: 'no static blocks',
  Decorator: 'decorators',
  TSEnumDeclaration: 'enum',
  TSModuleDeclaration: 'namespace',
  TSImportEqualsDeclaration: 'import =',
  TSExportAssignment: 'export =',
  TSNamespaceExportDeclaration: 'namespace',
  TSParameterProperty: 'parameters of a constructor',
  AccessorProperty: 'no accessor',
}

/** How the instructions name what the attacks are refused for, where they do not use the same words. */
const REASONS: Readonly<Record<string, string>> = {
  '': 'not on these lists',
  'an end': 'an end in its head',
  'never ends': 'comes nearer to',
  'calls a property': 'never a property that is named while it runs',
  'changes Math': 'built-in values, the context and what hangs on it are never changed',
  'changes JSON': 'built-in values, the context and what hangs on it are never changed',
  'changes Object': 'built-in values, the context and what hangs on it are never changed',
  'changes ApiError': 'imported values',
  'changes log': 'the context and what hangs on it are never changed',
  'changes context': 'the context and what hangs on it are never changed',
  'is built in': 'built-in values, the context and what hangs on it are never changed',
  'another type': 'cast to another type',
  'type Function': 'types any and Function',
  'template with a tag': 'tagged templates',
  'static property': 'no static properties',
  'static block': 'no static blocks',
  'computed name': 'no computed names',
  'is used as a value': 'do not pass Object, Math or JSON on as values',
  'a key of': 'have their properties written by name',
  'builds SQL': 'no SQL',
  'runs SQL': 'no SQL',
  'move this in': 'Outside of functions there are only imports',
  'only types': 'types (import type)',
  attributes: 'without attributes',
  leaked: 'everything that is not on these lists',
  'changes ApiError, which is imported': 'imported values',
  'import { … }': 'by name',
  export: 'export default',
  'repeats alternatives': 'repeats alternatives',
  'one after another': 'one after another',
  'not valid': 'is valid',
  'nested too deep': 'not nested very deep',
}
const WORDS = /^(\w+ is nothing|SomethingNew|imports "|only \{|use \w+ with|\w+ is used as a value|\w+\.\w+$)/

function wordsFor(reason: string): string {
  if (Object.hasOwn(REASONS, reason)) return REASONS[reason]!
  if (reason.startsWith('a key of')) return 'have their properties written by name'
  return WORDS.test(reason) ? 'everything that is not on these lists' : reason
}

describe('the rules that a model is given', () => {
  it('list all that may be used', () => {
    for (const name of FREE_GLOBALS) expect(CODE_RULES).toContain(name)
    for (const [name, members] of GLOBAL_MEMBERS) {
      const line = CODE_RULES.split('\n').find((one) => new RegExp(`^  (.*, )?${name}(,|:|$)`).test(one))
      expect(line).toBeDefined()
      for (const member of members ?? ['all']) expect(line).toContain(member)
    }
    for (const [name, allowed] of ALLOWED_OF_NODE)
      expect(CODE_RULES).toContain(`  ${name}: ${[...allowed].join(', ')}\n`)
  })

  it('name every name that is refused', () => {
    const names = [FORBIDDEN_GLOBALS, FORBIDDEN_PROPERTIES, BLOCKING].flatMap((map) => [...map.keys()])
    for (const name of names) expect(CODE_RULES).toMatch(new RegExp(`[ ,]${name}[,;. ]`))
  })

  it('name every kind of syntax that is refused', () => {
    expect(Object.keys(SYNTAX).toSorted()).toEqual([...FORBIDDEN_SYNTAX.keys()].toSorted())
    for (const words of Object.values(SYNTAX)) expect(CODE_RULES).toContain(words)
  })

  it.each([...new Set([...ATTACKS, ...FILE_ATTACKS].map(([reason]) => reason))])(
    'say what is refused as: %s',
    (reason) => {
      expect(CODE_RULES).toContain(wordsFor(reason))
    },
  )
})
