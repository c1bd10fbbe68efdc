/**
 * Runs all tests of a project against one mutant of its template code after the other, in one process. Each mutant gets
 * every module of the project anew, since an application is put together once: their URLs carry its number. Packages are
 * loaded once.
 */
import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { collect, type Collected } from '../../../generator/verify/inside/collect-tests.mts'
import type { TemplateOrders, TemplateResult } from './template-mutants.ts'

const { mutants, tests, from } = JSON.parse(await text(process.stdin)) as TemplateOrders
/** Modules are never forgotten, so a process has its share and the next one goes on. */
const SHARE = 40

const root = pathToFileURL(`${process.cwd()}/`).href
const isOwn = (url: string) =>
  url.startsWith(root) && !url.includes('/node_modules/') && !url.includes('/src/lockdown.ts')
const collector = new URL('../../../generator/verify/inside/collect-tests.mts', import.meta.url).href
const sources = new Map<string, string>()
const sourceOf = (path: string) => {
  const known = sources.get(path) ?? stripTypeScriptTypes(readFileSync(path, 'utf8'))
  sources.set(path, known)
  return known
}
process.removeAllListeners('warning')
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'node:test' && context.parentURL !== collector)
      return { url: collector, shortCircuit: true }
    const found = next(specifier, context)
    const number = /\?m=(.+)$/.exec(context.parentURL ?? '')?.[1]
    return number === undefined || !isOwn(found.url) || found.url.includes('?')
      ? found
      : { ...found, url: `${found.url}?m=${number}` }
  },
  load(url, context, next) {
    const [path = '', number] = url.split('?m=')
    if (number === undefined || !path.endsWith('.ts')) return next(url, context)
    const file = fileURLToPath(path)
    const mutant = mutants[Number(number)]
    const isMutated = mutant !== undefined && file === `${process.cwd()}/${mutant.path}`
    const source = isMutated ? stripTypeScriptTypes(mutant.source) : sourceOf(file)
    return { format: 'module', source, shortCircuit: true }
  },
})

const say = (result: TemplateResult) => process.stdout.write(`${JSON.stringify(result)}\n`)

/** The tests of a file, of the modules with this number. */
const testsIn = (path: string, number: string): Promise<Collected[]> =>
  collect(() => import(`${root}${path}?m=${number}`))
const MOST_MS = 10_000
const fails = (one: Collected): Promise<boolean> =>
  one.run(MOST_MS).then(
    () => false,
    () => true,
  )

/** Tests that fail without a mutant, in this process. */
const excluded = new Set<string>()
for (const path of tests)
  for (const one of await testsIn(path, 'none')) if (await fails(one)) excluded.add(`${path} ${one.name}`)
if (from === 0) say({ kind: 'excluded', names: [...excluded] })

let at = from
const broken = (): never => {
  say({ kind: 'ended', at, noticedBy: 'the process' })
  process.exit(0)
}
process.on('uncaughtException', broken)
process.on('unhandledRejection', broken)

for (; at < Math.min(mutants.length, from + SHARE); at += 1) {
  say({ kind: 'begun', at })
  say({ kind: 'ended', at, noticedBy: await noticedBy(String(at)) })
}
process.exit(0)

async function noticedBy(number: string): Promise<string | null> {
  // Tests that are about the file come first.
  const name = /([\w-]+)\.ts$/.exec(mutants[Number(number)]!.path)?.[1] ?? ''
  const ordered = tests.toSorted(
    (a, b) => Number(b.includes(`/${name}.test`)) - Number(a.includes(`/${name}.test`)),
  )
  for (const path of ordered) {
    const declared = await testsIn(path, number).catch(() => null)
    if (declared === null) return `${path} cannot be loaded`
    for (const one of declared)
      if (!excluded.has(`${path} ${one.name}`) && (await fails(one))) return `${path}: ${one.name}`
  }
  return null
}
