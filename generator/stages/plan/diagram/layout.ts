import type { PlanEntity } from '#contract'

/*
 * Where the boxes of a diagram stand: what is referred to stands left of what refers to it, and boxes of one column are
 * sorted by where their neighbours stand. Equal entities give equal places.
 */

export const ROW = 20
export const HEADER = 28
/** Of a monospaced font of 12 pixels, as wide as the widest common one. */
const CHARACTER = 7.3
const PADDING = 12
const COLUMN_GAP = 90
const BOX_GAP = 26
export const MARGIN = 24
const MAX_ROWS = 14
const MAX_NAME = 28
const MAX_TYPE = 26
/** A column is at least this high before a further one begins. */
const MIN_COLUMN = 700

export type BoxRow = {
  readonly name: string
  readonly type: string
  readonly isRelation: boolean
}
export type Box = {
  readonly entity: PlanEntity
  readonly rows: readonly BoxRow[]
  readonly width: number
  readonly height: number
  x: number
  y: number
}
export type Layout = { readonly boxes: readonly Box[]; readonly width: number; readonly height: number }

export function layOut(entities: readonly PlanEntity[]): Layout {
  const boxes = entities.map(toBox)
  const columns = toColumns(boxes, rankEntities(entities))
  sortColumns(columns, entities)
  let x = MARGIN
  const height = Math.max(0, ...columns.map(heightOf))
  for (const column of columns) {
    const width = Math.max(...column.map((box) => box.width))
    let y = MARGIN + (height - heightOf(column)) / 2
    for (const box of column) {
      box.x = Math.round(x + (width - box.width) / 2)
      box.y = Math.round(y)
      y += box.height + BOX_GAP
    }
    x += width + COLUMN_GAP
  }
  const width = Math.max(2 * MARGIN, Math.ceil(x - COLUMN_GAP + MARGIN))
  return { boxes, width, height: Math.ceil(height + 2 * MARGIN) }
}

function toBox(entity: PlanEntity): Box {
  const all: BoxRow[] = [
    ...entity.fields.map(({ name, type, required, unique }) => ({
      name,
      type: shorten(`${type}${required ? '' : '?'}${unique ? ', unique' : ''}`, MAX_TYPE),
      isRelation: false,
    })),
    ...entity.relations.map(({ name, target, kind, required }) => ({
      name,
      type: shorten(`${target}${kind === 'many' ? '[]' : required ? '' : '?'}`, MAX_TYPE),
      isRelation: true,
    })),
  ].map((row) => ({ ...row, name: shorten(row.name, MAX_NAME) }))
  // Relations stay, because lines begin at them.
  const hidden = Math.max(0, all.length - MAX_ROWS)
  const fields = all.filter(({ isRelation }) => !isRelation)
  const shown =
    hidden === 0
      ? all
      : [
          ...fields.slice(0, Math.max(0, fields.length - hidden - 1)),
          { name: `and ${Math.min(fields.length, hidden + 1)} more`, type: '', isRelation: false },
          ...all.filter(({ isRelation }) => isRelation),
        ]
  const longest = Math.max(
    entity.name.length * 1.1,
    ...shown.map(({ name, type }) => name.length + type.length + 3),
  )
  return {
    entity,
    rows: shown,
    width: Math.ceil(longest * CHARACTER + 2 * PADDING),
    height: HEADER + Math.max(1, shown.length) * ROW + 6,
    x: 0,
    y: 0,
  }
}

/** The longest way to an entity that refers to no other; references in a circle count once. */
function rankEntities(entities: readonly PlanEntity[]): Map<string, number> {
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const ranks = new Map<string, number>()
  const open = new Set<string>()
  const rankOf = (name: string): number => {
    const known = ranks.get(name)
    if (known !== undefined) return known
    if (open.has(name)) return -1
    open.add(name)
    const targets = (byName.get(name)?.relations ?? []).filter(
      ({ target }) => target !== name && byName.has(target),
    )
    const rank = Math.max(0, ...targets.map(({ target }) => rankOf(target) + 1))
    open.delete(name)
    ranks.set(name, rank)
    return rank
  }
  for (const { name } of entities) rankOf(name)
  return ranks
}

/** Boxes by rank; a rank that is too high for the picture has several columns. */
function toColumns(boxes: readonly Box[], ranks: ReadonlyMap<string, number>): Box[][] {
  const area = boxes.reduce((sum, box) => sum + (box.height + BOX_GAP) * (box.width + COLUMN_GAP), 0)
  const limit = Math.max(MIN_COLUMN, Math.sqrt(area) * 0.85)
  const linked = new Set(
    boxes.flatMap(({ entity }) => entity.relations.flatMap(({ target }) => [entity.name, target])),
  )
  const last = Math.max(0, ...ranks.values()) + 1
  // Entities without relations stand apart, on the right.
  const rankOf = ({ entity }: Box) => (linked.has(entity.name) ? (ranks.get(entity.name) ?? 0) : last)
  const byRank = Map.groupBy(boxes, rankOf)
  return [...byRank.keys()]
    .sort((a, b) => a - b)
    .flatMap((rank) => {
      const columns: Box[][] = [[]]
      for (const box of byRank.get(rank)!) {
        const column = columns.at(-1)!
        if (column.length > 0 && heightOf([...column, box]) > limit) columns.push([box])
        else column.push(box)
      }
      return columns
    })
}

/** Places each box near the mean of its neighbours, from both sides. */
function sortColumns(columns: Box[][], entities: readonly PlanEntity[]): void {
  const neighbours = new Map<string, string[]>(entities.map(({ name }) => [name, []]))
  for (const { name, relations } of entities)
    for (const { target } of relations)
      if (target !== name) {
        neighbours.get(name)?.push(target)
        neighbours.get(target)?.push(name)
      }
  for (let pass = 0; pass < 6; pass++) {
    const places = new Map(
      columns.flatMap((column) => column.map(({ entity }, at) => [entity.name, (at + 0.5) / column.length])),
    )
    for (const column of pass % 2 === 0 ? columns : columns.toReversed()) {
      const wish = ({ entity }: Box): number => {
        const near = (neighbours.get(entity.name) ?? []).flatMap((name) => places.get(name) ?? [])
        if (near.length === 0) return places.get(entity.name)!
        return near.reduce((sum, place) => sum + place, 0) / near.length
      }
      const wishes = new Map(column.map((box) => [box, wish(box)]))
      column.sort((a, b) => wishes.get(a)! - wishes.get(b)!)
      for (const [at, { entity }] of column.entries()) places.set(entity.name, (at + 0.5) / column.length)
    }
  }
}

const heightOf = (column: readonly Box[]): number =>
  column.reduce((sum, box) => sum + box.height, 0) + Math.max(0, column.length - 1) * BOX_GAP

const shorten = (text: string, max: number): string => {
  const line = [...text.replaceAll(/\s+/g, ' ')]
  return line.length <= max ? line.join('') : `${line.slice(0, max - 1).join('')}…`
}
