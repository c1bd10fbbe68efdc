import { describe, expect, it } from 'vitest'
import { readArguments } from './args.ts'

describe('the words after npm run generate --', () => {
  it('needs nothing but a prompt', () => {
    expect(readArguments(['a todo app'])).toEqual({
      help: false,
      prompt: 'a todo app',
      out: '.',
      api: null,
      specFiles: [],
      refine: null,
      options: {},
    })
  })

  it('takes every option', () => {
    const words = [
      'a shop',
      '--out',
      'x',
      '--name',
      'My Shop',
      '--auth',
      'jwt',
      '--spec',
      's.sql',
      '--designer',
      'offline',
      '--plan',
    ]
    expect(readArguments(words)).toMatchObject({
      out: 'x',
      specFiles: ['s.sql'],
      options: { name: 'My Shop', auth: 'jwt', designer: 'offline', plan: 'always' },
    })
  })

  it('joins a prompt that was typed without quotation marks', () => {
    expect(readArguments(['a', 'todo', 'app'])).toMatchObject({ prompt: 'a todo app' })
  })

  it('takes the job that is to be refined, also as its address', () => {
    const id = '01jd8q4x7zk3m5n9p2r6s8t0vw'
    expect(readArguments(['--refine', id, 'add tags'])).toMatchObject({ prompt: 'add tags', refine: id })
    expect(readArguments(['--refine', `http://localhost:8080/jobs/${id}`, 'x'])).toMatchObject({ refine: id })
  })

  it.each([
    [['x', '--refine', 'yesterday'], /--refine requires the ID/],
    [
      ['x', '--refine', '01jd8q4x7zk3m5n9p2r6s8t0vw', '--auth', 'jwt'],
      /--auth cannot be combined with --refine/,
    ],
    [[], /Say what to build/],
    [['  '], /Say what to build/],
    [['--plan', 'always', 'a shop'], /--plan takes no value, but "always" follows it/],
    [['x', '--auth', 'magic'], /--auth: .*"none"\|"jwt"/],
    [['x', '--colour'], /Unknown option --colour\. Available options: --out, --name/],
  ])('says what is wrong with %j', (words, message) => {
    expect(() => readArguments(words)).toThrow(message)
  })
})
