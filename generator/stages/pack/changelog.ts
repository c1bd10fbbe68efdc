import type { VersionEntry } from '#contract'
import { markdownCode, markdownText } from './markdown.ts'

/** CHANGELOG.md: every version, the newest first, with its prompt and its changes. */
export function renderChangelog(title: string, history: readonly VersionEntry[]): string {
  const entries = history
    .toReversed()
    .map(({ version, at, prompt, changes }) =>
      [
        `## Version ${version} (${at.slice(0, 10)})`,
        `> ${markdownText(prompt.length > 1_000 ? `${prompt.slice(0, 1_000)}…` : prompt)}`,
        ...(changes === null ? [] : changeSections(changes, '###')),
      ].join('\n\n'),
    )
  const intro =
    'When this version starts, it migrates a database of an earlier version. Back up the database first: migrations cannot be undone.'
  return `${[`# ${markdownText(title)}: changes`, intro, ...entries].join('\n\n')}\n`
}

/** The sections of one version, for any document; the most important first. */
export function changeSections(changes: NonNullable<VersionEntry['changes']>, level: string): string[] {
  const { entities, fields, routes, other, migrations, dataLoss, filled, conditions } = changes
  const grouped = (kind: 'added' | 'changed' | 'removed') => [
    ...entities[kind].map((line) => `Entity ${markdownText(line)}`),
    ...fields[kind].map((line) => `Field ${markdownText(line)}`),
    ...routes[kind].map((line) => `Route ${markdownText(line)}`),
  ]
  return [
    ...list(`${level} ⚠ Data loss when you upgrade`, dataLoss.map(markdownText)),
    ...list(`${level} Added`, grouped('added')),
    ...list(`${level} Changed`, [...grouped('changed'), ...other.map(markdownText)]),
    ...list(`${level} Removed`, grouped('removed')),
    ...list(`${level} Values set in existing rows`, filled.map(markdownText)),
    ...list(
      `${level} Conditions; if one does not hold, the migration stops and changes nothing`,
      conditions.map(markdownText),
    ),
    ...list(`${level} Migrations`, migrations.map(markdownCode)),
  ]
}

const list = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [heading, lines.map((line) => `- ${line}`).join('\n')]
