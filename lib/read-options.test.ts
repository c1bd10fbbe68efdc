import { describe, expect, it } from 'vitest'
import { readOptions, UsageError } from './read-options.ts'

const options = { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
const read = (...words: string[]) => readOptions(words, options)

describe('the options of a command', () => {
  it('are read with the words beside them', () => {
    expect(read('a', '--out', 'x', '-h', 'b')).toMatchObject({
      values: { out: 'x', help: true },
      positionals: ['a', 'b'],
    })
    expect(read('--out=-x', '--', '--colour')).toMatchObject({
      values: { out: '-x' },
      positionals: ['--colour'],
    })
  })

  it.each([
    [['--colour'], 'Unknown option --colour. Available options: --out, --help.'],
    [['-x'], /^Unknown option -x\. Available options: --out, --help\./],
    [['--constructor'], /^Unknown option --constructor\./],
    [['--out'], '--out needs a value: --out <value>, or --out=<value> for one that begins with a dash.'],
    [['--out', '--help'], /^--out needs a value/],
    [['--help=yes'], '--help takes no value: remove "yes".'],
  ])('are refused in words of our own: %j', (words, message) => {
    expect(() => read(...words)).toThrow(UsageError)
    expect(() => read(...words)).toThrow(message)
  })
})
