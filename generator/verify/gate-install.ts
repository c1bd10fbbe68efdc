import { isDeepStrictEqual } from 'node:util'
import type { ProjectFile } from '../ports.ts'
import { failed, passed, type Diagnostic, type GateResult } from './outcome.ts'
import { PackageLock, parseJson, type LockEntry } from './package-files.ts'

/**
 * Proves without another install that `npm ci` in the shipped project installs what was verified here: the project's
 * lockfile has only the kit's packages, with the kit's versions and checksums; no dependency is missing; and the installed
 * kit matches the kit's lockfile.
 */
export function gateInstall(
  files: readonly ProjectFile[],
  kit: { readonly lock: PackageLock; readonly installed: PackageLock },
): GateResult {
  const path = 'package-lock.json'
  const content = files.find((file) => file.path === path)?.content
  if (content === undefined) return failed('install', `${path} is missing`)
  const parsed = parseJson(PackageLock, content)
  if ('problem' in parsed) return failed('install', `${path} ${parsed.problem}`)

  const packages = parsed.value.packages
  const problems: Diagnostic[] = []
  const report = (message: string) => problems.push({ gate: 'install', file: path, line: null, message })
  for (const [at, entry] of Object.entries(packages)) {
    if (at === '') continue
    const known = kit.lock.packages[at]
    if (!known) report(`${at} is not in the kit's lockfile`)
    else if (!isDeepStrictEqual(entry, known))
      report(`${at} differs from the kit's lockfile; it was not verified`)
    else if (!entry.integrity) report(`${at} has no checksum`)
    const installed = kit.installed.packages[at]
    // Lockfiles list packages of other platforms, which are not installed.
    if (known && (installed ? installed.version !== known.version : !known.optional))
      report(
        `${at} is ${installed?.version ?? 'not'} installed in the kit; the lockfile says ${known.version}`,
      )
  }
  for (const missing of missingPackages(packages)) report(`${missing}, which is not in the lockfile`)
  return problems.length > 0
    ? failed('install', problems[0]!.message, problems)
    : passed(`${Object.keys(packages).length - 1} locked packages, equal to those that were verified`)
}

/** Every dependency that Node's lookup through the lockfile's folders does not find. */
function missingPackages(packages: Readonly<Record<string, LockEntry>>): string[] {
  const missing: string[] = []
  for (const [at, entry] of Object.entries(packages)) {
    const peers = Object.entries(entry.peerDependencies ?? {}).filter(
      ([name]) => entry.peerDependenciesMeta?.[name]?.optional !== true,
    )
    const needed = {
      ...entry.dependencies,
      ...Object.fromEntries(peers),
      ...(at === '' && entry.devDependencies),
    }
    for (const name of Object.keys(needed))
      if (!resolves(name, at, packages)) missing.push(`${at || 'the project'} needs ${name}`)
  }
  return missing
}

function resolves(name: string, from: string, packages: Readonly<Record<string, LockEntry>>): boolean {
  for (let folder = from; ;) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true
    if (folder === '') return false
    const parent = folder.lastIndexOf('/node_modules/')
    folder = parent === -1 ? '' : folder.slice(0, parent)
  }
}
