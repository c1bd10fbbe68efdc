import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { defaultStack } from '../stacks/registry.ts'
import { renderProject } from './render-project.ts'
import {
  countries,
  hostile,
  keyed,
  magazine,
  reviews,
  shop,
  startedMagazine,
  todo,
} from '../codegen/testing/blueprints.ts'
import { notesWithSignIn, signInFlow, signInHandlers } from '../codegen/testing/accounts.ts'
import {
  checkoutHandler,
  completeTodo,
  completeTodoHandler,
  pageHandlers,
  pages,
  shopWithCheckout,
  showRoomHandler,
  todoWithComplete,
  todoWithConfig,
} from '../codegen/testing/operations.ts'
import { keptRows } from '../codegen/testing/kept-rows.ts'
import { partHandlers, partsWithPatterns } from '../codegen/testing/patterns.ts'
import { sessionsWithTasks, taskHandlers } from '../codegen/testing/schedules.ts'
import {
  gateway,
  receiveEventHandler,
  redirectHandlers,
  todoWithHook,
  todoWithReports,
} from '../codegen/testing/webhooks.ts'
import { rateHandlers, shopWithRates } from '../codegen/testing/services.ts'
import { EVERYTHING } from '../../test/support/everything.ts'

const { kitDirectory } = defaultStack

const render = async (given: Blueprint, handlers: Record<string, string> = {}) =>
  new Map((await renderProject(given, { handlers })).map(({ path, content }) => [path, content]))

/** A file that compiles if the repositories are of the types that a model is shown. */
async function shownTypes(given: Blueprint): Promise<[path: string, content: string][]> {
  const specs = defaultStack.handlerSpecs(given, await renderProject(given))
  return specs.map(({ id, repositories, types }) => {
    const tables = repositories.flatMap((line) => {
      const [, key, type] = /^repositories\.(\w+): (Table<.*>|Links) ?(\(.*)?$/.exec(line) ?? []
      return key === undefined ? [] : [`${type} = {} as Repositories['${key}']`]
    })
    const rows = types.flatMap(({ path, content }) =>
      [...content.matchAll(/^export type (\w+) = z\.infer</gm)]
        .filter(([, name]) => new RegExp(`<${name}[,>]`).test(tables.join(' ')))
        .map(([, name]) => `import type { ${name} } from '../../${path}';`),
    )
    const content = [
      ...(tables.length > 0
        ? ["import type { Repositories } from '../../src/database/repositories.ts';"]
        : ['export {};']),
      ...rows,
      ...repositories.filter((text) => text.startsWith('type ')),
      ...tables.map((table, at) => `export const shown${at}: ${table};`),
    ]
    return [`tests/shown/${id}.ts`, `${content.join('\n')}\n`]
  })
}

type Case = [name: string, given: Blueprint, handlers?: Record<string, string>, more?: Record<string, string>]

const CASES: Case[] = [
  ['shop', shop],
  ['hostile', hostile],
  ['keys for programs', { ...keyed, auth: { kind: 'apiKey', header: 'X-Client_Key' } }],
  ['roles and owners', magazine],
  ['accounts, links and texts to start with', startedMagazine],
  [
    'todo with operations',
    { ...todoWithComplete, operations: [completeTodo, ...pages] },
    { ...pageHandlers, completeTodo: completeTodoHandler },
  ],
  ['sessions with scheduled tasks', sessionsWithTasks, taskHandlers],
  ['prices of another service', shopWithRates, rateHandlers],
  ['rows of a document', keptRows],
  ['a service without entities', gateway, { ...redirectHandlers, receiveEvent: receiveEventHandler }],
  ['several successes', todoWithReports, redirectHandlers],
  ['a webhook with headers', todoWithHook, { receiveEvent: receiveEventHandler }],
  ['what it is configured with', todoWithConfig, { showRoom: showRoomHandler }],
  ['sign-in at routes of its own', notesWithSignIn, signInHandlers, { 'tests/flow.test.ts': signInFlow }],
  ['an operation on links', { ...startedMagazine, operations: [{ ...pages[1]!, examples: [] }] }],
]
/** Like others of the list, or drawn in random Blueprints as well: they run in the soak. */
const MORE: Case[] = [
  ['todo', todo],
  ['what is unique together', reviews],
  ['rows with keys of their own to start with', countries],
  ['todo with a stub', todoWithComplete],
  ['shop with a checkout', shopWithCheckout, { checkout: checkoutHandler }],
  ['a service without entities, as stubs', gateway],
  ['a service without entities, with keys', { ...gateway, auth: { kind: 'apiKey' } }],
  ['several successes, as stubs', todoWithReports],
  ['texts of a form', partsWithPatterns, partHandlers],
  ['sign-in that nobody has written', notesWithSignIn],
  [
    'an operation on rows with keys of their own',
    { ...countries, operations: [{ ...pages[1]!, examples: [] }] },
  ],
]

describe('a rendered project', () => {
  it.each(EVERYTHING ? [...CASES, ...MORE] : CASES)(
    'type-checks and passes its own tests: %s',
    async (_name, given, handlers, more = {}) => {
      const folder = mkdtempSync(join(tmpdir(), 'rendered-'))
      try {
        for (const [path, content] of [
          ...(await render(given, handlers)),
          ...Object.entries(more),
          ...(await shownTypes(given)),
        ]) {
          mkdirSync(dirname(join(folder, path)), { recursive: true })
          writeFileSync(join(folder, path), content)
        }
        symlinkSync(join(kitDirectory, 'node_modules'), join(folder, 'node_modules'))
        const run = (...args: string[]) => {
          const { status, stdout, stderr } = spawnSync(process.execPath, args, {
            cwd: folder,
            encoding: 'utf8',
          })
          return { status, output: status === 0 ? '' : stdout + stderr }
        }
        expect(run('node_modules/typescript/bin/tsc', '--singleThreaded')).toEqual({
          status: 0,
          output: '',
        })
        expect(run('--test', '--test-isolation=none', 'tests/**/*.test.ts')).toEqual({
          status: 0,
          output: '',
        })
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
    60_000,
  )
})
