import type { Blueprint } from '#contract'
import { pluralName, toSnake } from '../words.ts'
import type { Report } from './diagnostic.ts'

/** Entity names: distinct in every form that generated code uses. */
export function lintNames(blueprint: Blueprint, report: Report): void {
  lintEntityNames(blueprint, report)
  lintPlurals(blueprint, report)
  lintLinkTables(blueprint, report)
}

function lintEntityNames({ entities }: Blueprint, report: Report): void {
  const seen = new Map<string, string>()
  for (const { name } of entities) {
    const known = seen.get(name.toLowerCase())
    if (known !== undefined) {
      report.error({
        code: 'name.duplicate',
        path: `entities.${name}`,
        what:
          known === name
            ? `Two entities are named ${name}.`
            : `The entities ${known} and ${name} differ only in case.`,
        why: 'Types, files and tables are named after entities, and file systems and databases may ignore case.',
        fix: 'Give one of them another name, or merge them.',
      })
    }
    seen.set(name.toLowerCase(), known ?? name)
  }
}

function lintPlurals({ entities }: Blueprint, report: Report): void {
  const names = new Set(entities.map(({ name }) => name.toLowerCase()))
  const taken = new Set<string>()
  for (const entity of entities) {
    const { name, plural } = entity
    const lower = plural.toLowerCase()
    if (!names.has(lower) && !taken.has(lower)) {
      taken.add(lower)
      continue
    }
    const wishes = [
      pluralName(name),
      `${name.slice(0, 56)}List`,
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${name.slice(0, 55)}List${number}`),
    ]
    const free = wishes.find((wish) => {
      const form = wish.toLowerCase()
      const others = entities.filter((other) => other !== entity)
      return (
        !names.has(form) && !taken.has(form) && others.every((other) => other.plural.toLowerCase() !== form)
      )
    })
    const finding = {
      code: lower === name.toLowerCase() ? 'plural.same-as-name' : 'plural.duplicate',
      path: `entities.${name}.plural`,
      what:
        lower === name.toLowerCase()
          ? `The plural of ${name} equals its singular.`
          : `The plural ${plural} of ${name} is already taken.`,
      why: 'One name would mean both a row and a collection, or two entities.',
    }
    if (free === undefined) report.error({ ...finding, fix: `Give ${name} another plural.` })
    else {
      entity.plural = free
      taken.add(free.toLowerCase())
      report.fixed({ ...finding, fix: `Changed the plural to ${free}.` })
    }
  }
}

/** The plural of `UserPost` and the link table of User and Post would have one name. */
function lintLinkTables({ entities, manyToMany }: Blueprint, report: Report): void {
  for (const { left, right } of manyToMany) {
    const [from, to] = [
      entities.find(({ name }) => name === left),
      entities.find(({ name }) => name === right),
    ]
    if (!from || !to) continue
    const tables = new Set([
      `${toSnake(from.plural)}_${toSnake(to.plural)}`,
      `${toSnake(from.name)}_${toSnake(to.plural)}`,
    ])
    for (const entity of entities) {
      if (!tables.has(toSnake(entity.plural) ?? '')) continue
      const plural = `${entity.name.slice(0, 56)}List`
      const isFree = entities.every((other) => other.name !== plural && other.plural !== plural)
      const finding = {
        code: 'plural.link-table',
        path: `entities.${entity.name}.plural`,
        what: `The rows of ${entity.name} and the links of ${left} and ${right} would share the table ${toSnake(entity.plural)}.`,
        why: 'A many-to-many relation has a table of its own, named after its two sides.',
      }
      if (!isFree)
        report.error({
          ...finding,
          fix: `Rename ${entity.name}, or drop the relation if ${entity.name} replaces it.`,
        })
      else {
        entity.plural = plural
        report.fixed({ ...finding, fix: `Changed the plural to ${plural}.` })
      }
    }
  }
}
