import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { reportOf } from '#contract/testing/samples'
import { gateDependencies } from '../../../verify/gate-dependencies.ts'
import { gateInstall } from '../../../verify/gate-install.ts'
import { gatePaths } from '../../../verify/gate-paths.ts'
import { readKit } from '../../../verify/kit.ts'
import { Claim, RunnerMessage } from '../../../verify/runner-messages.ts'
import { runProject } from '../../../verify/run-project.ts'
import { defaultStack } from '../../../stacks/registry.ts'
import { VERIFY_LIMITS } from '../../../verify/limits.ts'
import { gatesOfRun } from '../../../verify/gates-of-run.ts'
import type { Sandbox } from '../../ports.ts'
import { goodProject, KIT_DIRECTORY, withEdit, withFile } from '../../../verify/testing/fixture-project.ts'
import { openWorkspace } from '../../workspace.ts'
import { packProject } from '../../../stages/pack.ts'
import type { ProjectFile } from '../../../ports.ts'

const kit = await readKit(KIT_DIRECTORY)
const run = promisify(execFile)

function folder(): string {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'gate-attacks-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const file = (path: string, content = ''): ProjectFile => ({ path, content, origin: 'model' })
const refused = expect.objectContaining({ status: 'failed' })

/** Writes files under their given names, without validating them. */
function writeBlindly(root: string, files: readonly { path: string; content: string }[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

const npm = (cwd: string, ...args: string[]) =>
  run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, npm_config_cache: join(cwd, '.cache') },
  })

describe('names that lead elsewhere are refused by the gate and by the packer', () => {
  test('a path out of the project: unlooked-at, it is written beside the project', async () => {
    const files = [...goodProject(), file('../evil.sh', 'evil')]
    expect(gatePaths(files)).toEqual(refused)
    await expect(packProject({ name: 'x', files, report: reportOf() })).rejects.toThrow('cannot be packed')

    const parent = folder()
    await using workspace = await openWorkspace([file('a'), file('../evil.sh', 'evil')], {
      parent,
      user: null,
    })
    expect(readFileSync(join(workspace.project, '..', 'evil.sh'), 'utf8')).toBe('evil')
  })

  test.each([
    ['an absolute path', '/etc/cron.d/evil'],
    ['a drive', 'C:evil.exe'],
    ['a backslash', '..\\evil.exe'],
    ['a device of Windows', 'src/con.ts'],
    ['a stream of NTFS', 'src/a.ts:evil'],
    ['a NUL', 'src/a.ts\0.png'],
    ['a line break', 'src/a\n.ts'],
    ['text that runs the other way', 'src/\u202Egnp.ts'],
    ['a dot at the end', 'src/a.ts.'],
    ['the hooks of git', '.git/hooks/post-checkout'],
    ['the packages themselves', 'node_modules/fastify/index.js'],
    ['packages further down', 'src/node_modules/zod/index.js'],
    ['the hooks of git further down', 'src/.GIT/config'],
    ['what Windows shortens to .git', 'git~1/config'],
    ['letters that a file system leaves out', '.g\u200Cit/config'],
  ])('%s', async (_what, path) => {
    const files = [...goodProject(), file(path)]
    expect(gatePaths(files)).toEqual(refused)
    await expect(packProject({ name: 'x', files, report: reportOf() })).rejects.toThrow('cannot be packed')
  })

  test.each([
    ['upper and lower case', 'src/APP.ts', 'src/app.ts'],
    ['composed and decomposed letters', 'src/caf\u00e9.ts', 'src/cafe\u0301.ts'],
    ['letters with another width', 'src/\uff41.ts', 'src/a.ts'],
    ['the sharp s', 'src/stra\u00dfe.ts', 'src/STRASSE.ts'],
    ['the long s', 'src/\u017f.ts', 'src/s.ts'],
  ])('two names that some file system takes for one: %s', (_what, left, right) => {
    expect(
      gatePaths([...goodProject().filter(({ path }) => path !== right), file(left), file(right)]),
    ).toEqual(refused)
  })
})

describe('what npm would fetch or run is refused by the gate', () => {
  const manifest = (over: object): ProjectFile[] => {
    const own = JSON.parse(goodProject().find(({ path }) => path === 'package.json')!.content) as object
    return withFile('package.json', JSON.stringify({ ...own, ...over }))
  }
  const written = (over: object, extra: readonly ProjectFile[] = []): string => {
    const root = folder()
    writeBlindly(root, [
      file('project/package.json', JSON.stringify({ name: 'x', version: '1.0.0', ...over })),
      ...extra,
    ])
    return join(root, 'project')
  }

  test('a lifecycle script: npm would run it at install', async () => {
    const over = { scripts: { postinstall: "node -e \"require('fs').writeFileSync('ran', '')\"" } }
    expect(gateDependencies(manifest(over), kit.manifest)).toEqual(refused)
    const project = written(over)
    await npm(project, 'install')
    expect(existsSync(join(project, 'ran'))).toBe(true)
  })

  test('a package from a folder: npm would link to it', async () => {
    const over = { dependencies: { fastify: 'file:../outside' } }
    expect(gateDependencies(manifest(over), kit.manifest)).toEqual(refused)
    const project = written(over, [file('outside/package.json', '{"name":"fastify","version":"9.9.9"}')])
    await npm(project, 'install')
    expect(realpathSync(join(project, 'node_modules/fastify'))).toBe(join(dirname(project), 'outside'))
  })

  test('an .npmrc: npm would take its orders', async () => {
    const files = [...goodProject(), file('.npmrc', 'registry=http://127.0.0.1:9/\n')]
    expect(gateDependencies(files, kit.manifest)).toEqual(refused)
    const project = written({}, [file('project/.npmrc', 'registry=http://127.0.0.1:9/\n')])
    const { stdout } = await npm(project, 'config', 'get', 'registry')
    expect(stdout.trim()).toBe('http://127.0.0.1:9/')
  })

  test.each([
    ['from git', { dependencies: { fastify: 'git+ssh://git@example.com/evil.git' } }],
    ['from an address', { dependencies: { fastify: 'https://example.com/evil.tgz' } }],
    ['under another name', { dependencies: { fastify: 'npm:evil@1.0.0' } }],
    ['in any version', { dependencies: { fastify: '*' } }],
    ['that nobody knows', { dependencies: { 'left-pad-of-evil': '1.0.0' } }],
    ['through optional ones', { optionalDependencies: { evil: '1.0.0' } }],
    ['through peers', { peerDependencies: { evil: '1.0.0' } }],
    ['through an override', { overrides: { zod: 'npm:evil@1.0.0' } }],
    ['through workspaces', { workspaces: ['packages/*'] }],
  ])('a package %s', (_what, over) => {
    expect(gateDependencies(manifest(over), kit.manifest)).toEqual(refused)
  })

  test('a foreign package is refused with the list of those that are allowed', () => {
    const verdict = gateDependencies(manifest({ dependencies: { evil: '1.0.0' } }), kit.manifest)
    for (const name of Object.keys(kit.manifest.dependencies!))
      expect(verdict.diagnostics[0]!.message).toContain(name)
  })

  test('a lockfile that takes a known package from elsewhere, or without its checksum', () => {
    const lock = goodProject().find(({ path }) => path === 'package-lock.json')!.content
    const integrity = /"integrity": "[^"]+"/.exec(lock)![0]
    for (const put of [`"resolved": "https://example.com/evil.tgz", ${integrity}`, '"license": "MIT"']) {
      expect(gateInstall(withFile('package-lock.json', lock.replace(integrity, put)), kit)).toEqual(refused)
    }
    expect(gateInstall(goodProject(), kit)).toEqual(expect.objectContaining({ status: 'passed' }))
  })
})

describe('results that a project makes up', () => {
  const forged: Extract<Claim, { kind: 'tests' }> = {
    kind: 'tests',
    files: 1,
    counts: [{ file: 'tests/a.test.ts', passed: 99, failed: 0, skipped: 0 }],
  }
  const claim = (one: Claim) => ({ kind: 'claim', claim: JSON.stringify(one) }) as const

  /** Says on the channel what a hostile project would, with or without knowing the nonce. */
  const liar = (linesFor: (nonce: string) => string[]): Sandbox => ({
    tier: 'none',
    user: null,
    run: async ({ input, onLine }) => {
      const { nonce } = JSON.parse(await input!) as { nonce: string }
      for (const line of linesFor(nonce)) onLine?.(line)
      return { ending: { kind: 'exited', code: 0 }, stdout: '', stderr: '', ms: 1 }
    },
  })
  const verdictsOf = async (sandbox: Sandbox) => {
    const context = { project: '/p', limits: VERIFY_LIMITS, document: null, conformance: null }
    const run = await runProject({
      ...context,
      sandbox,
      nodePath: process.execPath,
      stack: defaultStack,
      scratch: '/s',
      inside: '/i',
      readable: [],
      compileCache: null,
      signal: AbortSignal.timeout(120_000),
    })
    return gatesOfRun(run, context)
  }
  const honest = [
    { kind: 'stage', stage: 'boot' },
    claim({ kind: 'listening', uptimeMs: 1 }),
    ...['health', 'openapi', 'tests'].map((stage) => ({ kind: 'stage', stage })),
  ]

  test('are no message without the nonce; with it they would be believed', async () => {
    expect(Claim.parse(forged)).toEqual(forged)
    const without = await verdictsOf(
      liar((nonce) => [
        ...honest.map((one) => `${nonce} ${JSON.stringify(one)}`),
        JSON.stringify(claim(forged)),
      ]),
    )
    expect(without.verdicts.tests).toEqual(refused)
    expect(without.tests.passed).toBe(0)
    const guessed = await verdictsOf(
      liar((nonce) => [...honest, claim(forged)].map((one) => `${nonce} ${JSON.stringify(one)}`)),
    )
    expect(guessed.verdicts.tests.status).toBe('passed')
  })

  test('spoil the honest ones beside them', async () => {
    const both = await verdictsOf(
      liar((nonce) => [
        ...[...honest, claim(forged)].map((one) => `${nonce} ${JSON.stringify(one)}`),
        JSON.stringify(claim(forged)),
      ]),
    )
    expect(both.verdicts.tests).toEqual(refused)
    expect(both.verdicts.tests.detail).toContain('cannot be trusted')
  })

  test('and a size beyond all measure are refused by the schema', () => {
    const [file] = forged.counts
    const counting = (over: object) => ({ ...forged, counts: [{ ...file, ...over }] })
    const refusedClaims = [
      { kind: 'running', name: 'x'.repeat(6000), file: null },
      counting({ passed: -1 }),
      counting({ passed: 1e300 }),
      counting({ admin: true }),
      { ...forged, counts: Array(4000).fill(file) },
    ]
    for (const one of refusedClaims) expect(Claim.safeParse(one).success).toBe(false)
    expect(RunnerMessage.safeParse({ kind: 'claim', claim: 'x'.repeat(600_000) }).success).toBe(false)
    expect(RunnerMessage.safeParse(forged).success).toBe(false)
  })
})

test('the archive is made from memory: what a run changed on the disk is not in it', async () => {
  const files = withEdit('README.md', '# Notes', '# Honest')
  await using workspace = await openWorkspace(files, { parent: folder(), user: null })
  writeFileSync(join(workspace.project, 'README.md'), '# Evil')
  symlinkSync('/etc/passwd', join(workspace.project, 'accounts'))
  const { bytes } = await packProject({ name: 'notes', files, report: reportOf() })
  const zip = await fromBufferPromise(Buffer.from(bytes))
  const content = new Map<string, string>()
  for await (const entry of zip.eachEntry())
    content.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)))
  expect(content.get('notes/README.md')).toContain('# Honest')
  expect([...content.keys()]).not.toContain('notes/accounts')
})
