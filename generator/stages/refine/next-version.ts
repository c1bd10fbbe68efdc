import { createHash } from 'node:crypto'
import type { Blueprint, Changes, JobRecord, JobSource, SourceFile, VersionEntry } from '#contract'
import type { ProjectFile } from '../../ports.ts'
import { pendingHandlers } from '../write/pending-handlers.ts'
import { defaultStack } from '../../stacks/registry.ts'
import type { Upgrade, UpgradeInput } from '../../stacks/stack.ts'
import { GenerateError } from '../../attempt/failure.ts'
import { renderChangelog } from '../pack/changelog.ts'
import { describeChanges } from '../../blueprint/describe-changes.ts'
import { migrationTitle } from './migration-title.ts'
import type { Renames } from '../../blueprint/renames.ts'

export type NextVersion = {
  /** Files rendered besides the Blueprint's, or in place of them. */
  readonly rendered: { readonly migrations: readonly SourceFile[]; readonly extra: readonly SourceFile[] }
  readonly history: readonly VersionEntry[]
  readonly changes: NonNullable<VersionEntry['changes']>
}

/**
 * The parts of the next version that depend on the previous one: its migrations, unchanged, and one more if the database
 * changes; a test that a database keeps its rows; and the changelog. Pure. Throws a `GenerateError` if no migration can
 * upgrade the database.
 */
export function planNextVersion(input: {
  readonly record: Pick<JobRecord, 'version' | 'prompt' | 'createdAt'>
  readonly source: JobSource
  readonly after: Blueprint
  readonly renames: Renames
}): NextVersion {
  const { source, after, renames, record } = input
  const { version, prompt, createdAt: at } = record
  const before = source.blueprint
  const said = describeChanges(before, after, renames)
  const { migration, tests, dataLoss, filled, conditions } = upgradeOf({
    before,
    after,
    renames,
    migrations: source.migrations,
    version: version - 1,
    title: migrationTitle(before, after, renames) ?? `version_${version}`,
  })
  const changes: NextVersion['changes'] = {
    ...said,
    migrations: migration === null ? [] : [migration.path],
    dataLoss: [...dataLoss],
    filled: [...filled],
    conditions: [...conditions],
  }
  const history = [...source.history, { version, prompt, at, changes }]
  const changelog = { path: 'CHANGELOG.md', content: renderChangelog(after.title, history) }
  return {
    rendered: {
      migrations: migration === null ? source.migrations : [...source.migrations, migration],
      extra: [changelog, ...tests],
    },
    history,
    changes,
  }
}

function upgradeOf(input: UpgradeInput): Upgrade {
  try {
    return defaultStack.upgrade(input)
  } catch (cause) {
    throw new GenerateError(
      {
        code: 'cannot_migrate',
        message: 'A database of the previous version cannot be upgraded to this one without losing rows.',
        hint: 'Ask for a smaller change, or for the whole backend again.',
      },
      { cause },
    )
  }
}

export const firstVersion = ({ version, prompt, createdAt: at }: JobRecord): VersionEntry => ({
  version,
  prompt,
  at,
  changes: null,
})

/** The changes, for the report of a built version. */
export function changesOf(input: {
  readonly source: JobSource
  readonly next: NextVersion
  readonly blueprint: Blueprint
  readonly files: readonly ProjectFile[]
  readonly handlers: Readonly<Record<string, string>>
  /** Handlers kept from the previous version; repair may have changed some since. */
  readonly kept: Readonly<Record<string, string>>
}): Changes {
  const { source, next, blueprint, files, handlers, kept } = input
  const isKept = (id: string) => kept[id] !== undefined && handlers[id] === kept[id]
  return {
    ...next.changes,
    files: changedFiles(source, files),
    reused: pendingHandlers(blueprint)
      .filter(({ id }) => isKept(id))
      .map(({ title }) => title),
  }
}

/** The source that a completed job stores for its next version. */
export function sourceOf(input: {
  readonly blueprint: Blueprint
  readonly handlers: Readonly<Record<string, string>>
  readonly files: readonly ProjectFile[]
  readonly history: readonly VersionEntry[]
}): JobSource {
  const { blueprint, handlers, files, history } = input
  return {
    blueprint,
    handlers: { ...handlers },
    migrations: files
      .filter(({ path }) => path.startsWith(defaultStack.layout.migrations))
      .map(({ path, content }) => ({ path, content }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    files: Object.fromEntries(files.map(({ path, content }) => [path, sha256(content)])),
    history: [...history],
  }
}

/** Files added, changed and removed since the previous version. */
function changedFiles(source: JobSource, files: readonly ProjectFile[]): Changes['files'] {
  const now = new Set(files.map(({ path }) => path))
  return {
    added: files.filter(({ path }) => !Object.hasOwn(source.files, path)).map(({ path }) => path),
    changed: files
      .filter(
        ({ path, content }) => Object.hasOwn(source.files, path) && source.files[path] !== sha256(content),
      )
      .map(({ path }) => path),
    removed: Object.keys(source.files).filter((path) => !now.has(path)),
  }
}

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')
