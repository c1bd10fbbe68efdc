// Longer than most files: a parser of definitions in three dialects.
import { SpecError } from '../spec-error.ts'
import { tokensOf, type Token } from './tokens.ts'

export type Column = {
  readonly name: string
  /** Lower case, without size: `character varying`. */
  type: string
  size: number | undefined
  scale: number | undefined
  isArray: boolean
  /** The values of an ENUM or SET. */
  values: string[] | undefined
  notNull: boolean
  unique: boolean
  isNumbered: boolean
  isComputed: boolean
  /** The tokens of its default, if any. */
  default: readonly Token[] | undefined
  comment: string | undefined
}

export type ForeignKey = {
  readonly columns: string[]
  readonly table: string
  /** Empty for the primary key. */
  readonly targets: string[]
  readonly onDelete: 'cascade' | 'restrict' | 'setNull' | 'setDefault'
}

export type Table = {
  readonly name: string
  readonly columns: Column[]
  /** Columns by lower-case name. */
  readonly byName: Map<string, Column>
  primaryKey: string[]
  readonly uniques: string[][]
  readonly indexes: string[][]
  readonly foreignKeys: ForeignKey[]
  readonly checks: (readonly Token[])[]
  comment: string | undefined
}

export type Ddl = {
  readonly name: string | undefined
  readonly tables: Table[]
  /** The same by lower-case name. */
  readonly byName: ReadonlyMap<string, Table>
  /** Named enumerations. */
  readonly enums: ReadonlyMap<string, string[]>
  /** Unsupported definitions: views, functions and others. */
  readonly others: string[]
}

const MAX_TABLES = 120
const MAX_COLUMNS = 120

/** Parses CREATE TABLE, ALTER TABLE, CREATE INDEX, CREATE TYPE and COMMENT of PostgreSQL, MySQL and SQLite. */
export function readDdl(sql: string): Ddl {
  const reader = makeReader(tokensOf(sql), sql)
  const tables = new Map<string, Table>()
  const enums = new Map<string, string[]>()
  const others: string[] = []
  let name: string | undefined
  while (!reader.isDone()) {
    if (reader.accept(';')) continue
    const statement = readStatement(reader, { tables, enums })
    if (typeof statement === 'string') name ??= statement
    else if (statement) others.push(statement.other)
  }
  if (tables.size > MAX_TABLES) {
    throw new SpecError(`It defines ${tables.size} tables, and at most ${MAX_TABLES} are supported.`, {
      code: 'spec_unsupported',
      hint: 'Attach only the tables of one service.',
    })
  }
  if (tables.size === 0)
    throw new SpecError('It defines no tables.', { hint: 'Attach the CREATE TABLE statements.' })
  return { name, tables: [...tables.values()], byName: tables, enums, others }
}

type Reader = ReturnType<typeof makeReader>

function makeReader(tokens: readonly Token[], sql: string) {
  let at = 0
  const peek = (ahead = 0): Token | undefined => tokens[at + ahead]
  const is = (word: string, ahead = 0): boolean => {
    const token = peek(ahead)
    return (
      token !== undefined &&
      (token.kind === 'word' || token.kind === 'sign') &&
      token.text.toLowerCase() === word.toLowerCase()
    )
  }
  const accept = (...words: string[]): boolean => {
    if (!words.every((word, index) => is(word, index))) return false
    at += words.length
    return true
  }
  const fail = (reason: string, hint: string): never => {
    const token = peek() ?? tokens.at(-1)
    throw new SpecError(reason, { place: token?.place, hint })
  }
  const found = () => {
    const token = peek()
    return token === undefined ? 'the end' : `"${sql.slice(token.start, token.end).slice(0, 40)}"`
  }
  return {
    peek,
    is,
    accept,
    fail,
    found,
    isDone: () => at >= tokens.length,
    next: (): Token | undefined => tokens[at++],
    expect(sign: string, where: string): void {
      if (!accept(sign)) fail(`Expected "${sign}" ${where}, found ${found()}.`, 'Correct that line.')
    },
    /** The last part of a name that may have a schema. */
    name(what: string): string {
      const token = peek()
      if (!token || !['word', 'name'].includes(token.kind))
        fail(`Expected the name of ${what}, found ${found()}.`, 'Correct that line.')
      at += 1
      let { text } = token!
      while (accept('.')) text = tokens[at++]?.text ?? text
      return text
    },
    /** Tokens up to the closing parenthesis. */
    inBrackets(): Token[] {
      const inner: Token[] = []
      let depth = 1
      while (depth > 0) {
        const token = tokens[at++]
        if (!token) return fail('A bracket is not closed.', 'Add the missing ")".')
        if (token.kind === 'sign' && token.text === '(') depth += 1
        if (token.kind === 'sign' && token.text === ')') depth -= 1
        if (depth > 0) inner.push(token)
      }
      return inner
    },
    skipStatement(): void {
      while (at < tokens.length && !is(';')) at += 1
    },
  }
}

type Into = { readonly tables: Map<string, Table>; readonly enums: Map<string, string[]> }

const tableKey = (name: string): string => name.toLowerCase()

function readStatement(reader: Reader, into: Into): string | { other: string } | undefined {
  if (reader.accept('create')) return readCreate(reader, into)
  if (reader.accept('alter', 'table')) {
    readAlter(reader, into)
    return undefined
  }
  if (reader.accept('comment', 'on')) {
    readComment(reader, into)
    return undefined
  }
  if (reader.accept('use')) {
    const name = reader.name('a database')
    reader.skipStatement()
    return name
  }
  reader.skipStatement()
  return undefined
}

function readCreate(reader: Reader, into: Into): string | { other: string } | undefined {
  reader.accept('or', 'replace')
  for (const word of ['global', 'local', 'temporary', 'temp', 'unlogged']) reader.accept(word)
  const isUnique = reader.accept('unique')
  if (reader.accept('table')) {
    readTable(reader, into)
    return undefined
  }
  if (reader.accept('index')) {
    readIndex(reader, into, isUnique)
    return undefined
  }
  if (reader.accept('type')) {
    const name = reader.name('a type')
    if (reader.accept('as', 'enum')) {
      reader.expect('(', 'before the values of an enumeration')
      const values = reader.inBrackets().filter(({ kind }) => kind === 'text')
      into.enums.set(
        name.toLowerCase(),
        values.map(({ text }) => text),
      )
      reader.skipStatement()
      return undefined
    }
    reader.skipStatement()
    return { other: `The type ${name}.` }
  }
  const kind = reader.next()?.text.toLowerCase() ?? 'thing'
  if (kind === 'database' || kind === 'schema') {
    reader.accept('if', 'not', 'exists')
    const name = reader.name('a database')
    reader.skipStatement()
    return kind === 'database' ? name : undefined
  }
  const word = kind === 'materialized' ? 'view' : kind
  if (kind === 'materialized') reader.accept('view')
  reader.accept('if', 'not', 'exists')
  const name = ['word', 'name'].includes(reader.peek()?.kind ?? '') ? reader.name(`a ${word}`) : ''
  // The body of a function or trigger has its own statements.
  if (['trigger', 'function', 'procedure'].includes(word)) skipBody(reader)
  else reader.skipStatement()
  return ['extension', 'sequence', 'domain', 'user', 'role'].includes(word)
    ? word === 'domain'
      ? { other: `The domain ${name}.` }
      : undefined
    : { other: `The ${word} ${name}.` }
}

function skipBody(reader: Reader): void {
  let depth = 0
  while (!reader.isDone()) {
    if (reader.is(';') && depth === 0) return
    if (reader.is('begin') || reader.is('case')) depth += 1
    if (reader.is('end')) {
      depth -= 1
      if (depth <= 0) {
        reader.skipStatement()
        return
      }
    }
    reader.next()
  }
}

function readTable(reader: Reader, { tables, enums }: Into): void {
  reader.accept('if', 'not', 'exists')
  const name = reader.name('a table')
  if (tables.has(tableKey(name)))
    reader.fail(`The table ${name} is defined twice.`, 'Keep one of the two definitions.')
  const table: Table = {
    name,
    columns: [],
    byName: new Map(),
    primaryKey: [],
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    comment: undefined,
  }
  reader.expect('(', `after the name of the table ${name}`)
  do readPart(reader, table, enums)
  while (reader.accept(','))
  if (!reader.accept(')')) {
    const last = table.columns.at(-1)?.name
    reader.fail(
      `Expected "," or ")" in the table ${name}${last === undefined ? '' : ` after ${last}`}, found ${reader.found()}.`,
      'Separate columns with commas, and close the parenthesis after the last one.',
    )
  }
  while (!reader.isDone() && !reader.is(';')) {
    if (reader.accept('comment')) {
      reader.accept('=')
      table.comment = reader.next()?.text
    } else reader.next()
  }
  if (table.columns.length === 0) reader.fail(`The table ${name} has no column.`, 'Add its columns.')
  tables.set(tableKey(name), table)
}

function readPart(reader: Reader, table: Table, enums: ReadonlyMap<string, string[]>): void {
  if (reader.is(')'))
    reader.fail(`A comma in the table ${table.name} is followed by nothing.`, 'Take the last comma out.')
  if (readConstraint(reader, table)) return
  readColumn(reader, table, enums)
}

/** Reads a table constraint; returns whether there was one. */
function readConstraint(reader: Reader, table: Table): boolean {
  if (reader.is('constraint') && !isColumnStart(reader)) {
    reader.accept('constraint')
    const isNamed = !['primary', 'unique', 'foreign', 'check', 'exclude'].some((word) => reader.is(word))
    if (isNamed) reader.name('a constraint')
  }
  if (reader.accept('primary', 'key')) {
    skipIndexWords(reader)
    table.primaryKey = columnList(reader, `of the primary key of ${table.name}`)
  } else if (reader.is('unique') && !isTyped(reader)) {
    reader.accept('unique')
    if (!reader.accept('key')) reader.accept('index')
    if (!reader.is('(')) reader.name('an index')
    skipIndexWords(reader)
    table.uniques.push(columnList(reader, `of a unique constraint of ${table.name}`))
  } else if (reader.accept('foreign', 'key')) {
    if (!reader.is('(')) reader.name('a key')
    const columns = columnList(reader, `of a foreign key of ${table.name}`)
    if (!reader.accept('references'))
      reader.fail(
        `Expected REFERENCES in the foreign key of ${table.name}, found ${reader.found()}.`,
        'Add the table that it refers to.',
      )
    table.foreignKeys.push(readReference(reader, columns))
  } else if (reader.is('check') && reader.is('(', 1)) {
    reader.accept('check')
    reader.expect('(', 'after CHECK')
    table.checks.push(reader.inBrackets())
    skipWords(reader)
  } else if (
    (reader.is('key') || reader.is('index') || reader.is('fulltext') || reader.is('spatial')) &&
    !isTyped(reader)
  ) {
    const isPlain = reader.accept('key') || reader.accept('index')
    if (!isPlain) {
      reader.next()
      if (!reader.accept('key')) reader.accept('index')
    }
    if (!reader.is('(')) reader.name('an index')
    skipIndexWords(reader)
    const columns = columnList(reader, `of an index of ${table.name}`)
    if (isPlain) table.indexes.push(columns)
  } else if (reader.accept('exclude')) {
    while (!reader.isDone() && !reader.is(',') && !reader.is(')'))
      if (reader.next()?.text === '(') reader.inBrackets()
  } else if (reader.accept('like')) {
    reader.fail(`The table ${table.name} is made LIKE another.`, 'Write its columns out.')
  } else return false
  skipWords(reader)
  return true
}

/** Whether a column with that name follows: `key varchar(20)`. */
const isTyped = (reader: Reader): boolean =>
  reader.peek(1)?.kind === 'word' &&
  !reader.is('(', 1) &&
  !reader.is('(', 2) &&
  !reader.is('key', 1) &&
  !reader.is('index', 1) &&
  !reader.is('using', 1)
const isColumnStart = (reader: Reader): boolean => reader.is('text', 1) || reader.is('varchar', 1)

function skipIndexWords(reader: Reader): void {
  if (reader.accept('using')) reader.next()
}

/** Options after a constraint or column list. */
function skipWords(reader: Reader): void {
  while (!reader.isDone() && !reader.is(',') && !reader.is(')') && !reader.is(';')) {
    if (reader.accept('(')) reader.inBrackets()
    else reader.next()
  }
}

function columnList(reader: Reader, what: string): string[] {
  reader.expect('(', `before the columns ${what}`)
  const inner = reader.inBrackets()
  const names: string[] = []
  let depth = 0
  let isStart = true
  for (const token of inner) {
    if (token.kind === 'sign' && token.text === '(') depth += 1
    else if (token.kind === 'sign' && token.text === ')') depth -= 1
    else if (token.kind === 'sign' && token.text === ',' && depth === 0) isStart = true
    else if (isStart && depth === 0) {
      names.push(token.text)
      isStart = false
    }
  }
  return names
}

function readReference(reader: Reader, columns: string[]): ForeignKey {
  const table = reader.name('the table that is referred to')
  const targets = reader.is('(') ? columnList(reader, `that ${table} is referred to by`) : []
  let onDelete: ForeignKey['onDelete'] = 'restrict'
  for (;;) {
    if (reader.accept('on', 'delete')) {
      if (reader.accept('cascade')) onDelete = 'cascade'
      else if (reader.accept('set', 'null')) onDelete = 'setNull'
      else if (reader.accept('set', 'default')) onDelete = 'setDefault'
      else if (!reader.accept('no', 'action')) reader.accept('restrict')
    } else if (reader.accept('on', 'update')) {
      if (!(reader.accept('set', 'null') || reader.accept('set', 'default') || reader.accept('no', 'action')))
        reader.next()
    } else if (reader.accept('match')) reader.next()
    else if (reader.accept('not', 'deferrable') || reader.accept('deferrable')) continue
    else if (reader.accept('initially')) reader.next()
    else return { columns, table, targets, onDelete }
  }
}

const CONSTRAINTS = new Set(
  `not null default primary unique auto_increment autoincrement generated references check collate comment constraint on
   character as virtual stored identity charset encode`.split(/\s+/),
)

function readColumn(reader: Reader, table: Table, enums: ReadonlyMap<string, string[]>): void {
  const name = reader.name(`a column of ${table.name}`)
  const column: Column = {
    name,
    type: '',
    size: undefined,
    scale: undefined,
    isArray: false,
    values: undefined,
    notNull: false,
    unique: false,
    isNumbered: false,
    isComputed: false,
    default: undefined,
    comment: undefined,
  }
  if (table.byName.has(name.toLowerCase()))
    reader.fail(`The column ${name} of ${table.name} is defined twice.`, 'Keep one of the two.')
  readType(reader, column, enums)
  if (table.columns.length >= MAX_COLUMNS)
    reader.fail(
      `The table ${table.name} has more than ${MAX_COLUMNS} columns, and at most ${MAX_COLUMNS} are supported.`,
      'Split it.',
    )
  table.columns.push(column)
  table.byName.set(name.toLowerCase(), column)
  while (!reader.isDone() && !reader.is(',') && !reader.is(')') && !reader.is(';'))
    readRule(reader, column, table)
}

/** Words that may follow the first word of a type. */
const TYPE_WORDS = new Set(
  'varying precision unsigned signed zerofill with without local time zone large object binary array'.split(
    ' ',
  ),
)

function readType(reader: Reader, column: Column, enums: ReadonlyMap<string, string[]>): void {
  const words: string[] = []
  for (;;) {
    const token = reader.peek()
    if (!token || token.kind === 'sign' || token.kind === 'text' || token.kind === 'number') break
    const word = token.text.toLowerCase()
    const isVarying = word === 'character' && reader.is('varying', 1)
    if (
      token.kind === 'word' &&
      CONSTRAINTS.has(word) &&
      !isVarying &&
      !(word === 'character' && words.length === 0)
    )
      break
    if (words.length > 0 && !TYPE_WORDS.has(word)) break
    words.push(reader.name('a type').toLowerCase())
    if (reader.accept('(')) {
      const inner = reader.inBrackets()
      const texts = inner.filter(({ kind }) => kind === 'text').map(({ text }) => text)
      const numbers = inner.filter(({ kind }) => kind === 'number').map(({ text }) => Number(text))
      if (texts.length > 0) column.values = texts
      else [column.size, column.scale] = numbers
    }
    while (reader.accept('[')) {
      while (!reader.isDone() && !reader.accept(']')) reader.next()
      column.isArray = true
    }
  }
  if (reader.accept('array')) column.isArray = true
  const kept = words.filter(
    (word) => !['unsigned', 'signed', 'zerofill', 'binary'].includes(word) || words.length === 1,
  )
  column.type = kept.join(' ')
  if (column.type.endsWith(' array')) {
    column.isArray = true
    column.type = column.type.replace(/ array$/, '')
  }
  column.values ??= enums.get(column.type)
  if (/^(small|big)?serial\d?$/.test(column.type)) column.isNumbered = true
}

/** Column options that do not matter: with a value, and without. */
const OPTIONS = ['collate', 'charset', 'column_format', 'storage', 'compression', 'initially', 'encode']
const FLAGS = [
  'asc',
  'desc',
  'visible',
  'invisible',
  'stored',
  'virtual',
  'persisted',
  'deferrable',
  'no',
  'inherit',
  'valid',
]

function readRule(reader: Reader, column: Column, table: Table): void {
  if (reader.accept('constraint')) reader.name('a constraint')
  else if (reader.accept('not', 'null')) column.notNull = true
  else if (reader.accept('null')) column.notNull = false
  else if (reader.accept('primary', 'key')) {
    table.primaryKey = [column.name]
    if (!reader.accept('asc')) reader.accept('desc')
  } else if (reader.accept('unique')) {
    reader.accept('key')
    column.unique = true
  } else if (reader.accept('auto_increment') || reader.accept('autoincrement')) column.isNumbered = true
  else if (reader.accept('default')) column.default = readExpression(reader)
  else if (reader.accept('generated')) {
    if (!reader.accept('always')) reader.accept('by', 'default')
    reader.accept('as')
    if (reader.accept('identity')) {
      column.isNumbered = true
      if (reader.accept('(')) reader.inBrackets()
    } else {
      column.isComputed = true
      if (reader.accept('(')) reader.inBrackets()
    }
  } else if (reader.accept('as')) {
    column.isComputed = true
    if (reader.accept('(')) reader.inBrackets()
  } else if (reader.accept('references')) table.foreignKeys.push(readReference(reader, [column.name]))
  else if (reader.accept('check')) {
    reader.expect('(', `after CHECK of ${column.name}`)
    table.checks.push(reader.inBrackets())
  } else if (reader.accept('comment')) column.comment = reader.next()?.text
  else if (reader.accept('on', 'update')) readExpression(reader)
  else if (reader.accept('on', 'conflict')) reader.next()
  else if (reader.accept('not', 'deferrable') || reader.accept('not', 'enforced')) return
  else if (reader.accept('(')) reader.inBrackets()
  else if (reader.accept('character', 'set') || OPTIONS.some((word) => reader.accept(word))) reader.next()
  else if (!FLAGS.some((word) => reader.accept(word))) {
    reader.fail(
      `Expected "," or ")" in the table ${table.name} after ${column.name}, found ${reader.found()}.`,
      'Separate columns with commas, and close the parenthesis after the last one.',
    )
  }
}

/** A value: a literal, a call or a parenthesized expression, with casts. */
function readExpression(reader: Reader): Token[] {
  const tokens: Token[] = []
  const one = () => {
    let token = reader.next()
    while (token?.kind === 'sign' && (token.text === '-' || token.text === '+')) {
      tokens.push(token)
      token = reader.next()
    }
    if (!token) return
    tokens.push(token)
    if (token.kind === 'sign' && token.text === '(') {
      for (const inner of reader.inBrackets()) tokens.push(inner)
      tokens.push({ ...token, text: ')' })
    } else if (reader.is('(') && token.kind === 'word') {
      reader.accept('(')
      tokens.push({ ...token, kind: 'sign', text: '(' })
      for (const inner of reader.inBrackets()) tokens.push(inner)
      tokens.push({ ...token, kind: 'sign', text: ')' })
    }
  }
  one()
  while (reader.is('::') || reader.is('||') || reader.is('.')) {
    const isCast = reader.is('::')
    tokens.push(reader.next()!)
    one()
    if (isCast) {
      if (reader.accept('varying')) continue
      while (reader.accept('[')) reader.accept(']')
    }
  }
  return tokens
}

function readAlter(reader: Reader, { tables, enums }: Into): void {
  reader.accept('if', 'exists')
  reader.accept('only')
  const name = reader.name('a table')
  const table = tables.get(tableKey(name))
  if (!table) {
    if (!reader.is('add')) return reader.skipStatement()
    reader.fail(`ALTER TABLE ${name}: there is no such table before it.`, 'Put its CREATE TABLE first.')
  }
  do {
    if (!reader.accept('add')) {
      const isRelevant = reader.is('drop') || reader.is('rename')
      if (isRelevant)
        reader.fail(
          `ALTER TABLE ${name}: ${reader.found()} is not supported.`,
          'Write the final form of the tables.',
        )
      if (reader.accept('alter')) {
        reader.accept('column')
        const altered = reader.name('a column')
        const column = table!.byName.get(altered.toLowerCase())
        if (column && reader.accept('set', 'default')) {
          column.default = readExpression(reader)
          if (column.default[0]?.text.toLowerCase() === 'nextval') column.isNumbered = true
        } else if (column && reader.accept('set', 'not', 'null')) column.notNull = true
        else if (column && reader.accept('add', 'generated')) {
          column.isNumbered = true
          skipWords(reader)
        }
      }
      while (!reader.isDone() && !reader.is(',') && !reader.is(';')) {
        if (reader.accept('(')) reader.inBrackets()
        else reader.next()
      }
      continue
    }
    if (readConstraint(reader, table!)) continue
    reader.accept('column')
    reader.accept('if', 'not', 'exists')
    readColumn(reader, table!, enums)
  } while (reader.accept(','))
  reader.skipStatement()
}

function readIndex(reader: Reader, { tables }: Into, isUnique: boolean): void {
  reader.accept('concurrently')
  reader.accept('if', 'not', 'exists')
  if (!reader.is('on')) reader.name('an index')
  if (!reader.accept('on')) return reader.skipStatement()
  reader.accept('only')
  const table = tables.get(tableKey(reader.name('a table')))
  skipIndexWords(reader)
  const columns = columnList(reader, 'of an index')
  const isPartial = reader.is('where')
  reader.skipStatement()
  // Partial and expression indexes are not indexes over columns.
  const isPlain = table && columns.every((column) => table.byName.has(column.toLowerCase()))
  if (!isPlain || isPartial) return
  ;(isUnique ? table.uniques : table.indexes).push(columns)
}

function readComment(reader: Reader, { tables }: Into): void {
  const kind = reader.next()?.text.toLowerCase()
  const parts: string[] = []
  do {
    const part = reader.next()
    if (part) parts.push(part.text)
  } while (reader.accept('.'))
  const text = reader.accept('is') && reader.peek()?.kind === 'text' ? reader.peek()!.text : undefined
  reader.skipStatement()
  if (kind === 'table') {
    const table = tables.get(tableKey(parts.at(-1) ?? ''))
    if (table) table.comment = text
  } else if (kind === 'column') {
    const column = tables.get(tableKey(parts.at(-2) ?? ''))?.byName.get(tableKey(parts.at(-1) ?? ''))
    if (column) column.comment = text
  }
}
