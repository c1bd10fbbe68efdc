import { describe, expect, it } from 'vitest'
import {
  LAYERS,
  PREFERENCES,
  PREFERENCE_NAMES,
  PreferenceHolder,
  holdersOf,
  kindOfHolder,
  namesFor,
  resolvePreferences,
  toJobPreferences,
  type Origin,
  type Preferences,
} from '#contract'

const possible = { models: ['small', 'large'] }
/** Two usable values of each preference; of limits the second one is higher. */
const TWO: { readonly [Name in keyof typeof PREFERENCES]: readonly [string | number, string | number] } = {
  plan: ['always', 'never'],
  model: ['small', 'large'],
  verbosity: ['brief', 'normal'],
  jobCostUsd: [1, 2],
  monthCostUsd: [10, 20],
  houseRules: ['Be brief.', 'Be kind.'],
  mention: ['always', 'never'],
  delivery: ['thread', 'direct'],
}
const only = (name: string, value: string | number) => ({ [name]: value }) as Preferences

describe('the precedence of preferences', () => {
  const pairs = PREFERENCE_NAMES.flatMap((name) =>
    LAYERS.flatMap((near, at) => LAYERS.slice(at + 1).map((far) => [name, near, far] as const)),
  )

  it.each(pairs)('of %s: %s before %s', (name, near, far) => {
    const [first, second] = TWO[name]
    for (const [nearValue, farValue] of [
      [first, second],
      [second, first],
    ] as const) {
      const layers = { [near]: only(name, nearValue), [far]: only(name, farValue) }
      const { decided, ignored } = resolvePreferences(layers, possible)
      const isLimit = 'isLimit' in PREFERENCES[name]
      const farWins = isLimit && farValue < nearValue
      expect(decided).toEqual({
        [name]: farWins ? { value: farValue, from: far } : { value: nearValue, from: near },
      })
      expect(ignored).toEqual([])
    }
  })

  it.each(PREFERENCE_NAMES)('leaves %s open where nobody decides', (name) => {
    expect(resolvePreferences({}, possible).decided[name]).toBeUndefined()
  })

  it('ignores a model that is not possible any more, names it, and asks the next layer', () => {
    const layers = { channel: { model: 'gone' }, workspace: { model: 'small' } }
    expect(resolvePreferences(layers, possible)).toEqual({
      decided: { model: { value: 'small', from: 'workspace' } },
      ignored: [{ name: 'model', from: 'channel', why: 'The model gone can’t be used any more.' }],
    })
  })

  it('does not name what would not have decided', () => {
    const layers = { request: { model: 'large' }, channel: { model: 'gone' } }
    expect(resolvePreferences(layers, possible).ignored).toEqual([])
  })
})

describe('what a job keeps of preferences', () => {
  const holders = { channel: 'channel:slack:T1:C1', workspace: 'workspace:slack:T1' }

  it('is nothing where the request decides everything, or nobody anything', () => {
    expect(toJobPreferences({}, possible, holders)).toBeUndefined()
    expect(
      toJobPreferences({ request: { plan: 'never' }, channel: { plan: 'always' } }, possible, holders),
    ).toBeUndefined()
  })

  it('has every monthly limit, since each place counts on its own', () => {
    const kept = toJobPreferences(
      { channel: { monthCostUsd: 50 }, workspace: { monthCostUsd: 20 } },
      possible,
      holders,
    )
    expect(kept?.applied).toEqual({ monthCostUsd: { value: 20, from: 'workspace' } })
    expect(kept?.monthLimits).toEqual([
      { holder: 'channel:slack:T1:C1', usd: 50 },
      { holder: 'workspace:slack:T1', usd: 20 },
    ])
  })
})

describe('holders of preferences', () => {
  const slack: Origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null }
  const discord: Origin = {
    kind: 'discord',
    guildId: '1',
    channelId: '2',
    userId: '3',
    threadId: '4',
    uploadLimit: null,
  }
  it.each<[string, Origin, (string | null)[]]>([
    ['a Slack channel', slack, ['channel:slack:T1:C1', 'workspace:slack:T1', 'person:slack:T1:U1']],
    ['Slack DMs', { ...slack, channelId: 'D1' }, [null, 'workspace:slack:T1', 'person:slack:T1:U1']],
    ['a Discord thread', discord, ['channel:discord:1:2', 'workspace:discord:1', 'person:discord:3']],
    ['Discord DMs', { ...discord, guildId: null }, [null, null, 'person:discord:3']],
    ['REST', { kind: 'rest' }, [null, null, null]],
  ])('of %s', (_, origin, expected) => {
    const { channel, workspace, person } = holdersOf(origin)
    expect([channel, workspace, person]).toEqual(expected)
    const named = [channel, workspace, person].filter((holder) => holder !== null)
    for (const holder of named) expect(PreferenceHolder.parse(holder)).toBe(holder)
    expect(named.map(kindOfHolder)).toEqual(
      (['channel', 'workspace', 'person'] as const).filter((_kind, at) => expected[at] !== null),
    )
  })

  it.each(['channel:slack:T1', 'workspace:slack:T1:C1', 'person:slack:t1:U1', 'channel:discord:1:../2', ''])(
    'are not: %s',
    (text) => expect(PreferenceHolder.safeParse(text).success).toBe(false),
  )

  it('set the preferences of places or of people', () => {
    expect(namesFor('person')).toEqual(['mention', 'delivery'])
    expect(namesFor('channel')).toEqual(namesFor('workspace'))
    expect([...namesFor('channel'), ...namesFor('person')].toSorted()).toEqual(
      [...PREFERENCE_NAMES].toSorted(),
    )
  })
})
