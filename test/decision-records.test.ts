import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../docs/adr')

type Link = { readonly relation: string; readonly to: string }
type DecisionRecord = {
  readonly name: string
  readonly number: number
  readonly text: string
  readonly links: readonly Link[]
}

/** The links in the status and in the lines between the title and the first heading. */
const linksOf = (text: string): Link[] =>
  [
    ...text
      .split('\n## ')[0]!
      .matchAll(/(supersedes|superseded by|amends|amended by):? ((?:\[\d+\]\([\w.-]+\)(?:, )?)+)/gi),
  ].flatMap(([, relation, targets]) =>
    [...targets!.matchAll(/\]\(([\w.-]+)\)/g)].map(([, to]) => ({
      relation: relation!.toLowerCase(),
      to: to!,
    })),
  )

const records: DecisionRecord[] = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .toSorted()
  .map((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return { name, number: Number(name.slice(0, 4)), text, links: linksOf(text) }
  })

const BACK: Readonly<Record<string, string>> = {
  supersedes: 'superseded by',
  'superseded by': 'supersedes',
  amends: 'amended by',
  'amended by': 'amends',
}

/** What is wrong with how these records are linked. */
const brokenLinks = (all: readonly DecisionRecord[]): string[] =>
  all.flatMap(({ name, links }) =>
    links.flatMap(({ relation, to }) => {
      const other = all.find((record) => record.name === to)
      if (other === undefined) return [`${name}: ${relation} ${to}, which does not exist`]
      return other.links.some((link) => link.to === name && link.relation === BACK[relation])
        ? []
        : [`${to} does not say that it is ${BACK[relation]} ${name}`]
    }),
  )

describe('the decision records', () => {
  it('are numbered from 1 without a gap', () => {
    expect(records.map(({ number }) => number)).toEqual(records.map((_, index) => index + 1))
  })

  it('are all listed in the index', () => {
    const index = readFileSync(join(folder, 'README.md'), 'utf8')
    expect(records.filter(({ name }) => !index.includes(`](${name})`))).toEqual([])
  })

  it.each(records)('$name has its number in its title', ({ number, text }) => {
    expect(text).toMatch(new RegExp(`^# ${number}\\. `))
  })

  it.each(records)('$name has a status, a date and the three parts', ({ text }) => {
    expect(text).toMatch(
      /^# .+\n\n- Status: (?:Accepted|Accepted, amended by \[.+\]\(.+\)|Superseded by \[\d+\]\(.+\))\n- Date: \d{4}-\d{2}-\d{2}\n/,
    )
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    expect(headings.filter((heading) => heading !== 'Considered')).toEqual([
      'Context',
      'Decision',
      'Consequences',
    ])
  })

  it('link to what replaces them, and back', () => {
    expect(records.flatMap(({ links }) => links).length).toBeGreaterThan(0)
    expect(brokenLinks(records)).toEqual([])
  })

  it('are found out when a link has no way back or leads nowhere', () => {
    const planted = (name: string, header: string): DecisionRecord => {
      const text = `# 1. Planted\n\n${header}\n\n## Context\n`
      return { name, number: 1, text, links: linksOf(text) }
    }
    const old = planted('0001-old.md', '- Status: Accepted')
    const next = planted(
      '0002-next.md',
      '- Status: Accepted\n- Supersedes: [1](0001-old.md), [9](0009-none.md)',
    )
    expect(brokenLinks([old, next])).toEqual([
      '0001-old.md does not say that it is superseded by 0002-next.md',
      '0002-next.md: supersedes 0009-none.md, which does not exist',
    ])
  })
})
