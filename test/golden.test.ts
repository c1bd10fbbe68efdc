import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GOLDEN, goldenProjects, renderGolden } from './support/golden.ts'

async function committed(name: string): Promise<Map<string, string>> {
  const folder = join(GOLDEN, name)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)),
  )
}

const projects = await Promise.all(
  goldenProjects.map(async (project) => {
    const [rendered, golden] = await Promise.all([renderGolden(project), committed(project.name)])
    return {
      name: project.name,
      rendered,
      golden,
      paths: [...new Set([...rendered.keys(), ...golden.keys()])].sort(),
    }
  }),
)

describe.each(projects)(
  'the golden project $name, which `npm run golden` writes again, is what is rendered today:',
  ({ rendered, golden, paths }) => {
    it.each(paths)('%s', (path) => {
      expect(rendered.get(path)).toBe(golden.get(path))
    })
  },
)
