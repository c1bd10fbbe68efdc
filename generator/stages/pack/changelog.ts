import type { VersionEntry } from '#contract'
import { markdownCode, markdownText } from './markdown.ts'

/** CHANGELOG.md: every version, the newest first, with what was asked for and what came of it. */
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
    'A database of an earlier version is migrated when this one starts. Make a copy of it first: there is no way back.'
  return `${[`# ${markdownText(title)}: changes`, intro, ...entries].join('\n\n')}\n`
}

/** The sections of one version, for any document; the loudest first. */
export function changeSections(changes: NonNullable<VersionEntry['changes']>, level: string): string[] {
  const { entities, fields, routes, other, migrations, dataLoss, filled, conditions } = changes
  const grouped = (kind: 'added' | 'changed' | 'removed') => [
    ...entities[kind].map((line) => `Entity ${markdownText(line)}`),
    ...fields[kind].map((line) => `Field ${markdownText(line)}`),
    ...routes[kind].map((line) => `Route ${markdownText(line)}`),
  ]
  return [
    ...list(`${level} Data that is lost when a database is migrated`, dataLoss.map(markdownText)),
    ...list(`${level} Added`, grouped('added')),
    ...list(`${level} Changed`, [...grouped('changed'), ...other.map(markdownText)]),
    ...list(`${level} Removed`, grouped('removed')),
    ...list(`${level} What rows get that exist already`, filled.map(markdownText)),
    ...list(
      `${level} What must hold, or the migration stops and changes nothing`,
      conditions.map(markdownText),
    ),
    ...list(`${level} Migrations`, migrations.map(markdownCode)),
  ]
}

const list = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [heading, lines.map((line) => `- ${line}`).join('\n')]
