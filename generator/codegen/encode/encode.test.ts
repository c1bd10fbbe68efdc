import { DatabaseSync } from 'node:sqlite'
import { parseEnv } from 'node:util'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evilText } from '../testing/blueprints.ts'
import { envLine } from './env-file.ts'
import { httpJson, httpTitle } from './http-file.ts'
import { markdownCode, markdownText } from './markdown.ts'
import { sqlIdentifier, sqlText } from './sql.ts'
import { oneLine } from './text.ts'
import { commentText, literal, stringLiteral, templateText } from './typescript.ts'

const anyText = () =>
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom(evilText, '${', '`', '\\', '*/', '\ud800'),
  )

describe('TypeScript', () => {
  it('reads a string literal back as the same text', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(runInNewContext(stringLiteral(text))).toBe(text)
        expect(JSON.parse(stringLiteral(text))).toBe(text)
      }),
    )
  })

  it('reads a template literal back as the same text', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(runInNewContext(`\`${templateText(text)}\``)).toBe(text)
      }),
    )
  })

  it('shows characters that reorder or hide text as escapes', () => {
    expect(stringLiteral('a\u202eb\u2028c')).toBe(String.raw`"a\u202eb\u2028c"`)
  })

  it('never ends a comment early', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(runInNewContext(`/* ${commentText(text)} */ 1`)).toBe(1)
        expect(runInNewContext(`// ${commentText(text)}\n1`)).toBe(1)
      }),
    )
  })

  it('writes numbers as they are, without a negative zero', () => {
    expect([literal(1.5), literal(-0), literal(true), literal(null)]).toEqual(['1.5', '0', 'true', 'null'])
  })
})

describe('SQL', () => {
  it('reads text back as it was stored from a binding', () => {
    using database = new DatabaseSync(':memory:')
    const equal = (text: string) => database.prepare(`SELECT ${sqlText(text)} = ? AS same`).get(text)
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(equal(text)?.['same']).toBe(1)
      }),
    )
  })

  it('takes any name for a table', () => {
    using database = new DatabaseSync(':memory:')
    for (const name of ['order', 'group', 'a"b', 'select']) {
      database.exec(`CREATE TABLE ${sqlIdentifier(name)} (${sqlIdentifier('from')} TEXT) STRICT`)
    }
    const tables = database.prepare('SELECT name FROM sqlite_schema').all()
    expect(tables.map((table) => table['name'])).toEqual(['order', 'group', 'a"b', 'select'])
  })
})

describe('Markdown', () => {
  it('keeps text on one line and lets no markup through', () => {
    const shown = markdownText('a | b\n# <b>[x](https://evil.example) `code` *bold*')
    expect(shown).toBe(String.raw`a \| b # \<b>\[x\](https&#58;//evil.example) \`code\` \*bold\*`)
  })

  it('leaves ordinary text alone', () => {
    expect(markdownText("A shop's orders, paid or not!")).toBe("A shop's orders, paid or not!")
  })

  it('starts no list, heading or quote', () => {
    expect(markdownText('# x')).toBe(String.raw`\# x`)
    expect(markdownText('1. x')).toBe(String.raw`1\. x`)
    expect(markdownText('- x')).toBe(String.raw`\- x`)
  })

  it('fences code that holds backticks', () => {
    expect(markdownCode('a`b``c')).toBe('```a`b``c```')
    expect(markdownCode('`')).toBe('`` ` ``')
  })
})

describe('HTTP file', () => {
  it('holds no variable in a title or a value', () => {
    expect(httpTitle('a {{x}}\nb')).toBe('a x b')
    expect(httpJson('{{x}}')).not.toContain('{{')
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(JSON.parse(httpJson(text))).toBe(text)
        expect(httpJson(text)).not.toContain('{{')
      }),
    )
  })
})

describe('one line', () => {
  it('holds no line break, control or reordering character', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})

describe('a file of variables', () => {
  it('is read back as the same value, or shows it in a comment', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const line = envLine('NAME', text)
        expect(line).not.toContain('\n')
        const read = line.startsWith('# ') ? { NAME: text } : parseEnv(`A=1\n${line}\nB=2\n`)
        expect(read).toMatchObject({ NAME: text })
      }),
    )
    expect(envLine('NAME', "it's")).toBe(`NAME="it's"`)
    expect(envLine('NAME', 'two words')).toBe(`NAME='two words'`)
    expect(envLine('NAME', `it's "$5"`)).toBe(`# NAME=it's "$5"`)
    expect(envLine('NAME', 'https://a.example', { isComment: true })).toBe('# NAME=https://a.example')
  })
})
