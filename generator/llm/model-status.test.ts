import { describe, expect, it } from 'vitest'
import { modelStatus, noticeOf, type StatusInput } from './model-status.ts'

const status = (over: Partial<StatusInput> & { day: string }) =>
  modelStatus({
    model: 'gpt-4o',
    isSet: true,
    atOpenAi: true,
    listing: null,
    ...over,
    now: new Date(`${over.day}T23:59:59Z`),
  })

describe('a model that leaves', () => {
  it('says nothing until 60 days before', () => {
    expect(status({ day: '2026-11-14' })).toEqual({ kind: 'served', model: 'gpt-4o', message: null })
    expect(status({ day: '2026-11-15' })).toMatchObject({ kind: 'ending' })
  })

  it.each([
    ['2026-11-28', true, 'in 47 days. Its replacement is gpt-6-luna: set OPENAI_MODEL=gpt-6-luna before'],
    ['2027-01-13', true, 'in 1 day. Its replacement is gpt-6-luna'],
    ['2026-11-28', false, 'gpt-6-luna, which will be used from that date unless OPENAI_MODEL is set.'],
  ])('says on %s when it ends and what replaces it (set: %s)', (day, isSet, words) => {
    const { kind, message } = status({ day, isSet })
    expect(kind).toBe('ending')
    expect(message).toContain('The model gpt-4o will be retired on 2027-01-14')
    expect(message).toContain(words)
  })

  it.each([
    ['gpt-4o', '2027-01-14', 'gpt-6-luna'],
    ['gpt-4o-2024-08-06', '2027-01-14', 'gpt-6-luna'],
    ['gpt-4o-mini', '2027-01-14', 'gpt-6-luna'],
    ['gpt-4.1', '2027-01-14', 'gpt-6-luna'],
    ['gpt-4.1-mini', '2027-01-14', 'gpt-6-luna'],
    ['gpt-5', '2026-12-11', 'gpt-6.1-sol'],
    ['gpt-5-mini', '2026-12-11', 'gpt-6.1-terra'],
    ['gpt-5-nano', '2026-12-11', 'gpt-6-luna'],
  ])('%s is gone on %s where it is set, with the replacement %s', (model, day, replacement) => {
    const found = status({ model, day })
    expect(found).toMatchObject({ kind: 'gone', model })
    expect(noticeOf(found)).toBe(
      `The model ${model} was retired on ${day}. Its replacement is ${replacement}: set OPENAI_MODEL=${replacement}.`,
    )
  })

  it('is replaced when it is not set', () => {
    expect(status({ day: '2027-01-14', isSet: false })).toEqual({
      kind: 'replaced',
      model: 'gpt-6-luna',
      message:
        'The model gpt-4o was retired on 2027-01-14, and OPENAI_MODEL is not set, so gpt-6-luna is used instead.',
    })
  })

  it.each(['gpt-6-luna', 'gpt-6.1-sol', 'mine'])('is not %s', (model) => {
    expect(status({ model, day: '2030-01-01' })).toMatchObject({ kind: 'served' })
  })
})

describe('the list of the service', () => {
  it('takes precedence over the table', () => {
    const listing = new Map([['gpt-4o', '2026-12-31']])
    expect(status({ day: '2026-11-28', listing }).message).toContain('on 2026-12-31, in 33 days')
    expect(status({ day: '2026-12-31', listing })).toMatchObject({ kind: 'gone' })
  })

  it('keeps a model that is listed without a date', () => {
    const listing = new Map([['gpt-4o', null]])
    expect(status({ day: '2027-01-20', listing })).toMatchObject({ kind: 'served', model: 'gpt-4o' })
    expect(status({ day: '2027-01-01', listing })).toMatchObject({ kind: 'ending' })
  })

  it('provides dates for models that are not in the table', () => {
    const listing = new Map([['mine', '2026-12-31']])
    expect(status({ model: 'mine', day: '2026-12-30', listing, atOpenAi: false }).message).toBe(
      'The model mine will be retired on 2026-12-31, in 1 day. Set OPENAI_MODEL to another model.',
    )
    expect(status({ model: 'mine', day: '2026-12-31', listing, atOpenAi: false })).toMatchObject({
      kind: 'gone',
      hint: 'Set OPENAI_MODEL to an available model.',
    })
  })

  it('has the default replaced where it never was, and leaves a set model to the service', () => {
    const listing = new Map([['gpt-6-luna', null]])
    expect(status({ day: '2026-11-28', isSet: false, listing })).toMatchObject({
      kind: 'replaced',
      model: 'gpt-6-luna',
      message: expect.stringContaining('does not list gpt-4o'),
    })
    expect(status({ day: '2026-11-01', listing })).toMatchObject({ kind: 'served', model: 'gpt-4o' })
  })
})

it('OpenAI’s dates are not those of other hosts', () => {
  expect(status({ day: '2027-02-01', atOpenAi: false })).toMatchObject({ kind: 'served' })
})
