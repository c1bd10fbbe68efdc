import { describe, expect, test } from 'vitest'
import type { ProjectFile } from '../ports.ts'
import { gateDependencies } from './gate-dependencies.ts'
import { gateInstall } from './gate-install.ts'
import { cpuOf } from '../designers/testing/cpu.ts'
import { gateSecrets, secretShapes } from './gate-secrets.ts'
import { parseTypeErrors } from './gate-types.ts'
import { readableText } from './outcome.ts'
import { PackageJson, PackageLock } from './package-files.ts'
import { goodProject, withFile } from './testing/fixture-project.ts'

const content = (files: readonly ProjectFile[], path: string): string =>
  files.find((file) => file.path === path)!.content

// oxlint-disable-next-line typescript/no-explicit-any -- tests reach into JSON of any shape
type Json = Record<string, any>

/** The good project with one of its JSON files changed as data. */
function edited(path: string, change: (data: Json) => void): ProjectFile[] {
  const data = JSON.parse(content(goodProject(), path)) as Json
  change(data)
  return withFile(path, JSON.stringify(data))
}

const extra = (path: string, text = ''): ProjectFile[] => [
  ...goodProject(),
  { path, content: text, origin: 'model' },
]

const kitManifest = PackageJson.parse(JSON.parse(content(goodProject(), 'package.json')))
const kitLock = PackageLock.parse(JSON.parse(content(goodProject(), 'package-lock.json')))
const messages = (verdict: { diagnostics: readonly { message: string }[] }) =>
  verdict.diagnostics.map(({ message }) => message).join('\n')

describe('the dependencies gate', () => {
  const check = (files: readonly ProjectFile[]) => gateDependencies(files, kitManifest)

  test('passes a project of the kit', () => {
    const { dependencies, devDependencies } = kitManifest
    const count = Object.keys({ ...dependencies, ...devDependencies }).length
    expect(check(goodProject())).toMatchObject({
      status: 'passed',
      detail: `${count} direct dependencies, all from the kit, all exact`,
    })
  })

  test.each<[string, ProjectFile[], RegExp]>([
    [
      'a package that is not in the kit',
      edited('package.json', (p) => (p.dependencies['left-pad'] = '1.3.0')),
      /"left-pad" is not in the kit; allowed are .*fastify/,
    ],
    [
      'a name of every object',
      edited('package.json', (p) => (p.dependencies['constructor'] = '1.0.0')),
      /"constructor" is not in the kit/,
    ],
    [
      'another version',
      edited('package.json', (p) => (p.dependencies.fastify = '5.0.0')),
      /"fastify" asks for 5\.0\.0; the kit has exactly/,
    ],
    [
      'a range',
      edited('package.json', (p) => (p.dependencies.fastify = `^${p.dependencies.fastify}`)),
      /asks for \^/,
    ],
    ['a file', edited('package.json', (p) => (p.dependencies.fastify = 'file:../fastify')), /asks for file:/],
    [
      'a repository',
      edited('package.json', (p) => (p.dependencies.fastify = 'git+ssh://x/y')),
      /asks for git/,
    ],
    ['an alias', edited('package.json', (p) => (p.dependencies.fastify = 'npm:evil@1.0.0')), /asks for npm:/],
    [
      'a script that npm runs by itself',
      edited('package.json', (p) => (p.scripts.postinstall = 'node x.js')),
      /"postinstall" is refused/,
    ],
    [
      'a prepare script',
      edited('package.json', (p) => (p.scripts.prepare = 'node x.js')),
      /"prepare" is refused/,
    ],
    [
      'overrides',
      edited('package.json', (p) => (p.overrides = { fastify: '1.0.0' })),
      /"overrides" is refused/,
    ],
    ['workspaces', edited('package.json', (p) => (p.workspaces = ['x'])), /"workspaces" is refused/],
    [
      'optional dependencies',
      edited('package.json', (p) => (p.optionalDependencies = {})),
      /"optionalDependencies" is refused/,
    ],
    ['a registry of its own', extra('.npmrc', 'registry=http://x'), /it changes what an install fetches/],
    ['a native build', extra('binding.gyp', '{}'), /it changes what an install fetches/],
    ['a second package.json', extra('src/package.json', '{}'), /one package\.json/],
    [
      'a lockfile that asks for something else',
      edited('package-lock.json', (l) => delete l.packages[''].dependencies.zod),
      /not those of package\.json/,
    ],
    [
      'a lockfile of another project',
      edited('package-lock.json', (l) => (l.name = 'other')),
      /is named "other"/,
    ],
    ['an old lockfile', edited('package-lock.json', (l) => (l.lockfileVersion = 1)), /lockfileVersion/],
    ['no lockfile', goodProject().filter((file) => file.path !== 'package-lock.json'), /is missing/],
    ['a package.json that is no JSON', withFile('package.json', '{'), /is not JSON/],
  ])('refuses %s', (_, files, message) => {
    const verdict = check(files)
    expect(verdict.status).toBe('failed')
    expect(messages(verdict)).toMatch(message)
  })

  test('allows a lifecycle script that the kit has too, and only that one', () => {
    const kit = { ...kitManifest, scripts: { prestart: 'node check.mjs', preinstall: 'node check.mjs' } }
    const withScript = (command: string) => edited('package.json', (p) => (p.scripts.preinstall = command))
    expect(gateDependencies(withScript('node check.mjs'), kit).status).toBe('passed')
    expect(gateDependencies(withScript('node check.mjs; node evil.mjs'), kit).status).toBe('failed')
  })
})

describe('the install gate', () => {
  const check = (files: readonly ProjectFile[], installed = kitLock) =>
    gateInstall(files, { lock: kitLock, installed })
  const fastify = 'node_modules/fastify'

  test('passes the lockfile of the kit', () => {
    expect(check(goodProject())).toMatchObject({ status: 'passed' })
  })

  test.each<[string, ProjectFile[], RegExp]>([
    [
      'another version',
      edited('package-lock.json', (l) => (l.packages[fastify].version = '5.0.0')),
      /node_modules\/fastify differs/,
    ],
    [
      'another checksum',
      edited('package-lock.json', (l) => (l.packages[fastify].integrity = 'sha512-x')),
      /node_modules\/fastify differs/,
    ],
    [
      'another source',
      edited('package-lock.json', (l) => (l.packages[fastify].resolved = 'http://x/y.tgz')),
      /node_modules\/fastify differs/,
    ],
    [
      'a package more',
      edited('package-lock.json', (l) => (l.packages['node_modules/evil'] = { version: '1.0.0' })),
      /node_modules\/evil is not in the kit/,
    ],
    [
      'a package less',
      edited('package-lock.json', (l) => delete l.packages['node_modules/avvio']),
      /fastify needs avvio, which is not in the lockfile/,
    ],
  ])('refuses %s', (_, files, message) => {
    const verdict = check(files)
    expect(verdict.status).toBe('failed')
    expect(messages(verdict)).toMatch(message)
  })

  test('refuses when the installed kit is not what its lockfile says', () => {
    const installed = structuredClone(kitLock)
    installed.packages[fastify]!.version = '4.0.0'
    expect(messages(check(goodProject(), installed))).toMatch(/fastify is 4\.0\.0 installed in the kit/)
    delete installed.packages[fastify]
    expect(messages(check(goodProject(), installed))).toMatch(/fastify is not installed in the kit/)
  })
})

describe('the secrets gate', () => {
  const check = (text: string, own: string[] = []) => {
    const files = [{ path: 'src/a.ts', content: `line one\n${text}\n`, origin: 'model' as const }]
    return gateSecrets(files, own, secretShapes(files))
  }
  // Put together here, so that no scanner takes this file for a leak.
  const join = (...parts: string[]) => parts.join('')
  const letters = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5kL7n'

  test.each([
    ['an OpenAI key', join('sk-', 'proj-', letters)],
    ['an Anthropic key', join('sk-', 'ant-', 'api03-', letters)],
    ['a Slack token', join('xo', 'xb-', '123456789012-', letters)],
    ['a Slack token', join('xa', 'pp-', '1-', letters)],
    ['a Discord bot token', join('M', letters.slice(0, 24), '.Gabcde.', letters.slice(0, 30))],
    ['an AWS access key', join('AK', 'IA', 'ABCDEFGHIJKLMNOP')],
    ['a GitHub token', join('gh', 'p_', letters)],
    ['a Google API key', join('AI', 'za', letters.slice(0, 35))],
    ['a private key', join('-----BEGIN RSA ', 'PRIVATE KEY-----')],
    ['a signed token (JWT)', join('ey', `J${letters}.`, `eyJ${letters}.`, letters)],
    ['a connection string with a password', join('postgres://app:', 'hunter22', '@db.internal/app')],
  ])('finds %s without repeating it', (what, secret) => {
    const verdict = check(`const key = "${secret}"`)
    expect(verdict.status).toBe('failed')
    expect(verdict.diagnostics[0]).toMatchObject({
      file: 'src/a.ts',
      line: 2,
      message: expect.stringContaining(what),
    })
    expect(JSON.stringify(verdict)).not.toContain(secret)
  })

  test('says of a file of nothing but keys no more than it must', () => {
    const keys = Array.from({ length: 20_000 }, () => join('AK', 'IA', 'ABCDEFGHIJKLMNOP')).join('\n')
    expect(check(keys).diagnostics.map(({ line }) => line)).toEqual([2, 3, 4])
  })

  test.each(['eyJ-', 'aaa://:', 'sk-', '-----BEGIN A ', 'xoxb-1-', 'discord.com/api/webhooks/1'])(
    'reads a text of nothing but %j about as fast as any other',
    async (part) => {
      const length = 200_000
      const read = async (text: string) => {
        const times: number[] = []
        for (let at = 0; at < 3; at++) times.push(await cpuOf(() => check(text.repeat(length / text.length))))
        return Math.min(...times)
      }
      await read('a word ')
      // Where each start is read to the end again, it is a thousand times as much.
      expect(await read(part)).toBeLessThan(20 * Math.max(5, await read('a word ')))
    },
  )

  test('finds what the worker itself must keep, by value, without repeating it', () => {
    const verdict = check('x = "correct horse battery"', ['correct horse battery', '', 'x'])
    expect(messages(verdict)).toBe(
      'looks like a credential of this installation; credentials belong in the environment',
    )
    expect(JSON.stringify(verdict)).not.toContain('horse')
  })

  test.each([
    'JWT_SECRET=change-me',
    'postgres://user:password@localhost/app',
    'redis://default:${REDIS_PASSWORD}@cache:6379',
    'https://example.com:8080/@scope/path',
    'task-list-with-a-very-long-kebab-case-name-indeed',
    `"integrity": "sha512-${letters}${letters}=="`,
  ])('leaves %j alone', (text) => {
    expect(check(text).status).toBe('passed')
  })

  test('stays linear on hostile text', () => {
    const started = performance.now()
    check(
      `${'a'.repeat(300_000)}${'postgres://'.repeat(20_000)}${'eyJ'.repeat(50_000)}${'sk-'.repeat(50_000)}`,
    )
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})

describe('reading the type-check', () => {
  test('keeps file, line, code and the lines that carry an error on', () => {
    const output = [
      "src/a.ts(3,5): error TS2322: Type 'x' is not assignable.",
      "  Type 'y' neither.",
      '/work/p/src/b.ts(1,1): error TS1005: expected.',
      "error TS18003: No inputs were found in config file 'tsconfig.json'.",
      '',
    ].join('\n')
    expect(parseTypeErrors(output, '/work/p')).toEqual([
      {
        gate: 'types',
        file: 'src/a.ts',
        line: 3,
        message: "TS2322: Type 'x' is not assignable. Type 'y' neither.",
      },
      { gate: 'types', file: 'src/b.ts', line: 1, message: 'TS1005: expected.' },
      {
        gate: 'types',
        file: null,
        line: null,
        message: "TS18003: No inputs were found in config file 'tsconfig.json'.",
      },
    ])
  })
})

test('text that a project wrote is shown without colours and control characters, and cut', () => {
  expect(readableText('\u001b[31mred\u001b[0m\u0007 alert')).toBe('red alert')
  expect(readableText('x'.repeat(2000), 10)).toBe('xxxxxxxxxx…')
})
