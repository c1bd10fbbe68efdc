import { z } from 'zod'

const versions = z.record(z.string(), z.string())

/** What npm reads of a package.json; whatever else is in it does nothing. */
export const PackageJson = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  scripts: versions.optional(),
  dependencies: versions.optional(),
  devDependencies: versions.optional(),
})
export type PackageJson = z.infer<typeof PackageJson>

export const LockEntry = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  optional: z.boolean().optional(),
  dependencies: versions.optional(),
  devDependencies: versions.optional(),
  peerDependencies: versions.optional(),
  peerDependenciesMeta: z.record(z.string(), z.looseObject({ optional: z.boolean().optional() })).optional(),
})
export type LockEntry = z.infer<typeof LockEntry>

export const PackageLock = z.looseObject({
  name: z.string(),
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), LockEntry),
})
export type PackageLock = z.infer<typeof PackageLock>

/** Parses a file's text, or says in one sentence what is wrong with it. */
export function parseJson<T>(schema: z.ZodType<T>, text: string): { value: T } | { problem: string } {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    return { problem: `is not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
  const result = schema.safeParse(data)
  return result.success
    ? { value: result.data }
    : { problem: z.prettifyError(result.error).replace(/\s+/g, ' ') }
}
