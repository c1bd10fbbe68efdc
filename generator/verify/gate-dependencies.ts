import { isDeepStrictEqual } from 'node:util'
import type { ProjectFile } from '../ports.ts'
import { failed, passed, plural, type Diagnostic, type GateResult } from './outcome.ts'
import { PackageJson, PackageLock, parseJson } from './package-files.ts'

/** npm runs these automatically, so only the kit may define them. */
const LIFECYCLE =
  /^(pre|post)?(install|prepare|pack|publish|version|uninstall|shrinkwrap)$|^(prepublishOnly|dependencies)$/

/** Sections that add or change packages outside of the allow-list. */
const REFUSED_SECTIONS = [
  'optionalDependencies',
  'peerDependencies',
  'bundleDependencies',
  'bundledDependencies',
  'overrides',
  'resolutions',
  'workspaces',
  'pnpm',
  'gypfile',
]

/** Files that change where packages come from or what an install runs. */
const REFUSED_FILES =
  /(^|\/)(\.npmrc|\.yarnrc(\.yml)?|\.pnpmfile\.c?js|pnpm-workspace\.yaml|npm-shrinkwrap\.json|binding\.gyp|bunfig\.toml)$/i

/** Passes if the project depends only on allow-listed packages, in the kit's exact versions, and runs nothing at install. */
export function gateDependencies(files: readonly ProjectFile[], kit: PackageJson): GateResult {
  const problems: Diagnostic[] = []
  const report = (file: string, message: string) =>
    problems.push({ gate: 'dependencies', file, line: null, message })

  for (const { path } of files) {
    if (REFUSED_FILES.test(path)) report(path, 'is refused: it changes what an install fetches or runs')
    if (path !== 'package.json' && /(^|\/)package(-lock)?\.json$/.test(path) && path !== 'package-lock.json')
      report(path, 'is refused: a project has one package.json and one lockfile, at its root')
  }
  const text = (path: string) => files.find((file) => file.path === path)?.content
  const manifest = read(text('package.json'), PackageJson, 'package.json', report)
  const lock = read(text('package-lock.json'), PackageLock, 'package-lock.json', report)

  if (manifest) {
    for (const section of REFUSED_SECTIONS)
      if (section in manifest)
        report('package.json', `"${section}" is refused; use dependencies or devDependencies`)
    for (const [name, command] of Object.entries(manifest.scripts ?? {}))
      if (LIFECYCLE.test(name) && kit.scripts?.[name] !== command)
        report('package.json', `the script "${name}" is refused: npm would run it by itself`)
    const allowed = { ...kit.dependencies, ...kit.devDependencies }
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      if (!Object.hasOwn(allowed, name))
        report('package.json', `"${name}" is not in the kit; allowed are ${Object.keys(allowed).join(', ')}`)
      else if (allowed[name] !== version)
        report('package.json', `"${name}" asks for ${version}; the kit has exactly ${allowed[name]}`)
    }
  }
  if (manifest && lock) {
    const root = lock.packages['']
    for (const section of ['dependencies', 'devDependencies'] as const)
      if (!isDeepStrictEqual(sorted(root?.[section]), sorted(manifest[section])))
        report('package-lock.json', `its "${section}" are not those of package.json; npm ci would refuse it`)
    if (lock.name !== manifest.name)
      report('package-lock.json', `is named "${lock.name}"; package.json is named "${manifest.name}"`)
  }
  if (problems.length > 0) return failed('dependencies', problems[0]!.message, problems)
  const count = Object.keys({ ...manifest?.dependencies, ...manifest?.devDependencies }).length
  return passed(`${plural(count, 'direct dependency', 'direct dependencies')}, all from the kit, all exact`)
}

function read<T>(
  text: string | undefined,
  schema: Parameters<typeof parseJson<T>>[0],
  path: string,
  report: (file: string, message: string) => void,
): T | null {
  if (text === undefined) {
    report(path, 'is missing')
    return null
  }
  const result = parseJson(schema, text)
  if ('value' in result) return result.value
  report(path, result.problem)
  return null
}

const sorted = (versions: Record<string, string> = {}): [string, string][] =>
  Object.entries(versions).sort(([left], [right]) => (left < right ? -1 : 1))
