// Loads every package of a kit once, so that Node writes their compiled code to NODE_COMPILE_CACHE.
import { readFileSync } from 'node:fs'
import { createRequire, flushCompileCache } from 'node:module'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import 'node:sqlite'
import 'node:test'

const base = pathToFileURL(`${process.argv[2]}/`)
const { dependencies } = JSON.parse(readFileSync(new URL('package.json', base), 'utf8'))
const require = createRequire(base)
for (const name of Object.keys(dependencies)) await import(pathToFileURL(require.resolve(name)).href)
flushCompileCache()
