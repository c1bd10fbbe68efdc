import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The folder of the kit's dependencies: run `npm ci --ignore-scripts` there. */
export const kitDirectory = join(import.meta.dirname, 'kit')

const Manifest = z.object({
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})

const manifest = Manifest.parse(JSON.parse(readFileSync(join(kitDirectory, 'package.json'), 'utf8')))

/** The Node versions that a generated project supports. */
export const nodeEngines = manifest.engines.node

/** The only packages that a generated project may depend on, each with its exact version. */
export const allowedDependencies: Readonly<Record<string, string>> = manifest.dependencies
export const allowedDevDependencies: Readonly<Record<string, string>> = manifest.devDependencies
