import { glob, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readRepositoryFile } from './compose-file.ts'
import { exampleVariables } from './env-example.ts'

const root = new URL('../..', import.meta.url).pathname

/** Variables declared in config.ts files: upper-case keys with a reader of lib/env.ts. */
const declaredIn = (source: string): string[] =>
  [...source.matchAll(/^\s+([A-Z][A-Z0-9_]*): (?:variable|wholeNumber|oneOf|text)\(/gm)].map(
    (match) => match[1]!,
  )

async function declaredVariables(): Promise<Map<string, string[]>> {
  const declared = new Map<string, string[]>()
  for await (const path of glob('{api,bots,bench,cli,worker,generator,jobs,lib}/**/config.ts', {
    cwd: root,
    exclude: ['**/node_modules', 'generator/stacks/*/kit'],
  }))
    declared.set(path, declaredIn(await readFile(`${root}/${path}`, 'utf8')))
  return declared
}

const example = await readRepositoryFile('.env.example')
const declared = await declaredVariables()

describe('.env.example', () => {
  test('is checked against every config.ts that reads the environment', () => {
    expect([...declared.keys()]).toEqual(
      expect.arrayContaining([
        'api/config.ts',
        'worker/config.ts',
        'generator/config.ts',
        'generator/llm/config.ts',
      ]),
    )
    expect([...declared].filter(([, variables]) => variables.length === 0)).toEqual([])
  })

  test('explains every variable that the programs read', () => {
    const missing = [...declared].flatMap(([path, variables]) =>
      variables
        .filter((name) => !exampleVariables(example).includes(name))
        .map((name) => `${name} (${path})`),
    )
    expect(missing).toEqual([])
  })

  test('lists no unused variable', () => {
    const read = new Set([...declared.values()].flat())
    expect(exampleVariables(example).filter((name) => !read.has(name))).toEqual([])
  })

  test('lists each variable once, below an explanation', () => {
    const names = exampleVariables(example)
    expect(names).toEqual([...new Set(names)])
    const lines = example.split('\n')
    const bare = names.filter((name) => {
      const before = lines[lines.findIndex((line) => exampleVariables(line)[0] === name) - 1] ?? ''
      return !before.startsWith('# ')
    })
    expect(bare).toEqual([])
  })

  test('sets no secret', () => {
    expect(example).not.toMatch(/^[A-Z_]*(KEY|TOKEN|SECRET|PASSWORD)=\S/m)
  })
})
