import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../docs/adr')
const records = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, number: Number(name.slice(0, 4)) }))

describe('the decision records', () => {
  it('have a number each', () => {
    const numbers = records.map(({ number }) => number)
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([])
  })

  it.each(records)('$name has its number in its title', ({ name, number }) => {
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(new RegExp(`^# ${number}\\. `))
  })
})
