import type { PlanEntity } from '#contract'
import { HEADER, MARGIN, ROW, layOut, type Box } from './layout.ts'

const FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace'
/** One for each entity that is referred to, so that lines can be told apart. */
const COLOURS = ['#2563eb', '#b45309', '#047857', '#be185d', '#6d28d9', '#0e7490', '#b91c1c', '#4d7c0f']
const LEGEND =
  'Lines lead to the entity that is referred to. A fork is the side with many rows, a dashed line is optional.'

/**
 * An entity-relationship diagram as SVG: equal entities give equal text. It uses no style sheet, script, font file or
 * address, so that it may be shown under any content security policy. Pure.
 */
export function renderDiagram(title: string, entities: readonly PlanEntity[]): string {
  const { boxes, ...size } = layOut(entities)
  const legend = entities.some(({ relations }) => relations.length > 0) ? LEGEND : ''
  const width = Math.max(size.width, 2 * MARGIN + Math.ceil(legend.length * 6.2))
  const height = size.height + (legend === '' ? 0 : 24)
  const byName = new Map(boxes.map((box) => [box.entity.name, box]))
  const targets = [
    ...new Set(entities.flatMap(({ relations }) => relations.map(({ target }) => target))),
  ].sort()
  const colourOf = (target: string) => COLOURS[targets.indexOf(target) % COLOURS.length]!
  const lines = boxes.flatMap((box) =>
    box.entity.relations.flatMap((relation) => {
      const target = byName.get(relation.target)
      return target === undefined ? [] : [renderLine(box, target, relation, colourOf(relation.target))]
    }),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONT}" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...lines,
    ...boxes.map((box) =>
      renderBox(box, targets.includes(box.entity.name) ? colourOf(box.entity.name) : '#334155'),
    ),
    ...(legend === ''
      ? []
      : [`<text x="${MARGIN}" y="${height - 12}" font-size="10" fill="#64748b">${legend}</text>`]),
    '</svg>',
  ].join('\n')
}

function renderBox({ entity, rows, x, y, width, height }: Box, colour: string): string {
  const lines = rows.map(({ name, type, isRelation }, at) => {
    const base = y + HEADER + at * ROW + 15
    return [
      `<text x="${x + 12}" y="${base}" fill="#0f172a">${escapeXml(name)}</text>`,
      ...(type === ''
        ? []
        : [
            `<text x="${x + width - 12}" y="${base}" text-anchor="end" fill="${isRelation ? '#0f172a' : '#64748b'}"${isRelation ? ' font-weight="bold"' : ''}>${escapeXml(type)}</text>`,
          ]),
    ].join('')
  })
  return [
    `<g><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#ffffff" stroke="#cbd5e1"/>`,
    `<path d="M${x} ${y + HEADER}v-${HEADER - 6}a6 6 0 0 1 6 -6h${width - 12}a6 6 0 0 1 6 6v${HEADER - 6}z" fill="${colour}"/>`,
    `<text x="${x + 12}" y="${y + 19}" font-size="13" font-weight="bold" fill="#ffffff">${escapeXml(entity.name)}</text>`,
    ...lines,
    '</g>',
  ].join('')
}

/** From the row of the relation to the header of its target. */
function renderLine(
  from: Box,
  to: Box,
  { name, kind, required }: PlanEntity['relations'][number],
  colour: string,
): string {
  const shown = from.rows.findIndex((row) => row.isRelation && name.startsWith(row.name.replace('…', '')))
  const fromY = from.y + HEADER + (shown === -1 ? 0 : shown * ROW + ROW / 2 + 1)
  const toY = to.y + HEADER / 2
  // To the left where there is room, else around the right.
  const isLeft = to.x + to.width < from.x
  const isRight = from.x + from.width < to.x
  const fromX = isLeft ? from.x : from.x + from.width
  const toX = isRight ? to.x : to.x + to.width
  const out = isLeft ? -1 : 1
  const into = isRight ? -1 : 1
  const bend = isLeft || isRight ? Math.max(40, Math.abs(toX - fromX) / 2) : 46
  const path = `M${fromX} ${fromY}C${fromX + out * bend} ${fromY} ${toX + into * bend} ${toY} ${toX} ${toY}`
  const fork = (x: number, y: number, side: number) =>
    `M${x + side * 10} ${y}L${x} ${y - 5}M${x + side * 10} ${y}L${x} ${y + 5}`
  const bar = (x: number, y: number, side: number) => `M${x + side * 7} ${y - 5}V${y + 5}`
  const ends = `${fork(fromX, fromY, out)}${kind === 'many' ? fork(toX, toY, into) : bar(toX, toY, into)}`
  const dashed = required || kind === 'many' ? '' : ' stroke-dasharray="5 4"'
  return `<g fill="none" stroke="${colour}" stroke-width="1.4"><path d="${path}"${dashed}/><path d="${ends}"/></g>`
}

/** Also without the characters that XML forbids. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- that is what is taken out
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
