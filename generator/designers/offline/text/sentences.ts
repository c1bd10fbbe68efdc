import { isMark, tokenize, type Token } from './tokens.ts'

/** A statement of the prompt, and its parent (a heading, `Book:`, an outer bullet). */
export type Sentence = {
  readonly tokens: readonly Token[]
  readonly index: number
  /** Index of the parent sentence. */
  readonly parent: number | null
  readonly bullet: boolean
  /** Ends with a colon or open brace: details follow. */
  readonly opens: boolean
  readonly heading: boolean
  /** Has nested bullets. */
  readonly leads: boolean
}

type Line = {
  text: string
  offset: number
  indent: number
  kind: 'plain' | 'bullet' | 'heading'
  afterBlank: boolean
}

const HARD_WRAP = 50

/** The number or the id of a requirement: `2.1 The system …`, `FR-12: users can …`. */
const ID = String.raw`\d{1,3}(?:\.\d{1,3}){1,3}[.)]?(?=[ \t]+\p{Lu})|(?:FR|NFR|REQ|UC|AC)[\-_]?\d{1,3}(?:\.\d{1,3}){0,2}[.):]?|(?:US|[FR])[\-_]?\d{1,3}[.):]`
/** What stands before the text of a line. */
const LEAD = new RegExp(
  String.raw`^([ \t]*)(#{1,6}\s+|(?:[\-*•‣◦–—+]|\d{1,3}[.)]|\(?[a-z]\)|${ID})[ \t]+(?:\[[ xX]?\]\s+)?)?`,
  'u',
)

export function sentences(prompt: string): Sentence[] {
  const found: Sentence[] = []
  // Open ancestors, outermost first; the parent is the last one with a smaller level.
  const ancestors: { level: number; index: number }[] = []
  let plainOwner: { index: number; indent: number } | null = null

  for (const row of joinWrapped(linesOf(prompt))) {
    const first = row[0]!
    const tokens = row
      .flatMap((line) => tokenize(line.text, line.offset))
      .filter((token) => !isMark(token, '*'))
    const parts = splitSentences(tokens)
    if (parts.length === 0) continue
    const opens = isMark(parts.at(-1)!.at(-1), ':', '{')

    if (first.afterBlank || opens) plainOwner = null
    const owned = plainOwner !== null && first.kind === 'plain' && !opens
    const level = levelOf(first) + (owned ? 1 : 0)
    while (ancestors.length > 0 && ancestors.at(-1)!.level >= level) ancestors.pop()
    const parent = ancestors.at(-1)?.index ?? null
    for (const part of parts) {
      const last = part === parts.at(-1)
      found.push({
        tokens: last && opens ? part.slice(0, -1) : part,
        index: found.length,
        parent,
        bullet: first.kind === 'bullet' || owned,
        opens: last && (opens || first.kind === 'heading'),
        heading: first.kind === 'heading',
        leads: false,
      })
    }
    ancestors.push({ level, index: found.length - 1 })
    if (first.kind === 'plain' && opens) plainOwner = { index: found.length - 1, indent: first.indent }
    if (first.kind === 'bullet') plainOwner = null
  }
  const leaders = new Set(found.filter(({ bullet }) => bullet).map(({ parent }) => parent))
  return found.map((sentence) =>
    leaders.has(sentence.index) ? Object.assign(sentence, { leads: true }) : sentence,
  )
}

/** Headings rank above plain lines, plain lines above bullets, then by indent. */
function levelOf(line: Line): number {
  if (line.kind === 'heading') return line.indent
  return (line.kind === 'bullet' ? 100 : 10) + Math.min(line.indent, 80)
}

function linesOf(prompt: string): Line[] {
  const lines: Line[] = []
  let offset = 0
  let blank = false
  for (const raw of prompt.split('\n')) {
    const mark = LEAD.exec(raw)
    const lead = mark?.[0] ?? ''
    const symbol = (mark?.[2] ?? '').trim()
    const text = raw.slice(lead.length)
    const indent = (mark?.[1] ?? '').replaceAll('\t', '    ').length
    if (text.trim() === '' || /^[\s\-=_*|:+}\])`~]*$/.test(text)) blank ||= text.trim() === ''
    else {
      const heading = symbol.startsWith('#') || (symbol === '' && /^\*\*[^*]{1,80}\*\*:?\s*$/.test(text))
      const kind = heading ? 'heading' : symbol === '' ? 'plain' : 'bullet'
      const level = heading ? Math.max(1, symbol.length) : indent
      lines.push({ text, offset: offset + lead.length, indent: level, kind, afterBlank: blank })
      blank = false
    }
    offset += raw.length + 1
  }
  return lines
}

/** Joins hard-wrapped prose. */
function joinWrapped(lines: readonly Line[]): Line[][] {
  const rows: Line[][] = []
  for (const line of lines) {
    const before = rows.at(-1)?.at(-1)
    const wrapped =
      before !== undefined &&
      before.kind !== 'heading' &&
      line.kind === 'plain' &&
      !line.afterBlank &&
      !/[.:;!?{|]\s*$/.test(before.text.slice(-20)) &&
      !line.text.startsWith('|') &&
      (/[,&]\s*$/.test(before.text.slice(-20)) ||
        (/^\p{Ll}/u.test(line.text) && (before.text.length >= HARD_WRAP || before.kind === 'bullet')))
    if (wrapped) rows.at(-1)!.push(line)
    else rows.push([line])
  }
  return rows
}

function splitSentences(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = []
  let part: Token[] = []
  tokens.forEach((token, at) => {
    const next = tokens[at + 1]
    const ends =
      isMark(token, '.', ';', '!', '?', '。', '！') && (next === undefined || next.start > token.end)
    if (!ends) part.push(token)
    else {
      if (!isMark(token, '.', ';', '。')) part.push(token)
      if (part.length > 0) parts.push(part)
      part = []
    }
  })
  if (part.length > 0) parts.push(part)
  return parts
}
