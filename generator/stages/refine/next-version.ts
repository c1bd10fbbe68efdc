import { createHash } from 'node:crypto'
import type { Blueprint, Changes, JobRecord, JobSource, SourceFile, VersionEntry } from '#contract'
import type { ProjectFile } from '../../ports.ts'
import { toBeWritten } from '../write/pending-handlers.ts'
import { defaultStack } from '../../stacks/registry.ts'
import type { Upgrade, UpgradeInput } from '../../stacks/stack.ts'
import { GenerateError } from '../../attempt/failure.ts'
import { renderChangelog } from '../pack/changelog.ts'
import { describeChanges } from '../../blueprint/describe-changes.ts'
import { migrationTitle } from './migration-title.ts'
import type { Renames } from '../../blueprint/renames.ts'

export type NextVersion = {
  /** What is rendered besides the Blueprint, or instead of what it would be rendered to. */
  readonly rendered: { readonly migrations: readonly SourceFile[]; readonly extra: readonly SourceFile[] }
  readonly history: readonly VersionEntry[]
  readonly changes: NonNullable<VersionEntry['changes']>
}

/**
 * Everything of the next version that depends on the one before: its migrations, untouched, and one more where the
 * database changes, a test that a database keeps its rows, and what is to be told. Pure. Throws a `GenerateError`
 * for a database that no migration of ours can take further.
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
        message: 'A database of the version before cannot be taken to this one without losing its rows.',
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

/** What is different, for the report of a version that was built. */
export function changesOf(input: {
  readonly source: JobSource
  readonly next: NextVersion
  readonly blueprint: Blueprint
  readonly files: readonly ProjectFile[]
  readonly handlers: Readonly<Record<string, string>>
  /** What was not asked for anew; some of it may have been mended since. */
  readonly kept: Readonly<Record<string, string>>
}): Changes {
  const { source, next, blueprint, files, handlers, kept } = input
  const isKept = (id: string) => kept[id] !== undefined && handlers[id] === kept[id]
  return {
    ...next.changes,
    files: changedFiles(source, files),
    reused: toBeWritten(blueprint)
      .filter(({ id }) => isKept(id))
      .map(({ title }) => title),
  }
}

/** What is kept of a completed job, for the version after it. */
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

/** Which files came, went or are others than in the version before. */
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
