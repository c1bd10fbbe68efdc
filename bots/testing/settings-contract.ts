import { holdersOf, type Holders, type PreferencesView } from '#contract'
import { describe, expect, it } from 'vitest'
import type { ChatDriver, Person } from './chat-contract.ts'
import { jobId } from './jobs.ts'
import { queued, refused, type ApiStep } from './scripted-api.ts'

/** A chat with forms for settings. */
export type SettingsChat = ChatDriver & {
  /** Asks for settings: of the channel, of the workspace or server, or one's own. */
  settings(of: keyof Holders, by?: Person): Promise<void>
  /** Submits a form with values by field, as a person typed and chose them. */
  submitSettings(
    form: 'settings' | 'house_rules',
    holder: string,
    values: Readonly<Record<string, string | string[]>>,
    by?: Person,
  ): Promise<void>
  /** Everything that the last form shows, or null when the last thing shown is no form. */
  shownForm(): Promise<string>
  /** The word for the whole place. */
  readonly workspaceWord: 'workspace' | 'server'
}

export const settingsOf = (holder: string, over: Partial<PreferencesView> = {}): PreferencesView => ({
  holder,
  preferences: {},
  updatedAt: null,
  updatedBy: null,
  models: [],
  spent: holder.startsWith('person') ? null : { month: '2026-11', usd: 0, isIncomplete: false },
  ...over,
})

/** The guarantees of every chat for settings. The `admin` may change them, the others may look. */
export function settingsContract(
  name: string,
  open: (steps: readonly ApiStep[] | 'unreachable') => Promise<SettingsChat>,
): void {
  describe(`settings in ${name}`, () => {
    const holdersFor = (chat: SettingsChat, by: Person = 'admin') => {
      const { channel, workspace, person } = holdersOf(chat.originOf(by))
      return { channel: channel!, workspace: workspace!, person: person! }
    }
    /** What the API says of the channel and of its workspace. */
    const stored = (
      chat: () => SettingsChat,
      channel: Partial<PreferencesView> = {},
      workspace: Partial<PreferencesView> = {},
    ): ApiStep[] => {
      const view = (kind: 'channel' | 'workspace', over: Partial<PreferencesView>) => ({
        body: settingsOf(holdersFor(chat())[kind], over),
      })
      return [
        { 'GET /preferences/*': () => view('channel', channel) },
        { 'GET /preferences/*': () => view('workspace', workspace) },
      ]
    }

    it('shows everybody what applies to a channel, and who may change it', async () => {
      await using chat: SettingsChat = await open(
        stored(
          () => chat,
          {
            preferences: {
              plan: 'always',
              monthCostUsd: 50,
              houseRules: 'Page every list.\n<!channel> @everyone',
            },
            spent: { month: '2026-11', usd: 12.3, isIncomplete: false },
          },
          { preferences: { verbosity: 'brief' } },
        ),
      )
      await chat.settings('channel', 'stranger')
      const { text, buttons } = await chat.nextReply()
      for (const part of [
        'Plan: always',
        `Messages: brief, set for this ${chat.workspaceWord}`,
        'Cost limit of a month: $50.00',
        'Cost limit of a job: not set',
        'Spent this month: $12.30',
        'Page every list.',
        'can change the settings of this channel',
      ])
        expect(text.replaceAll('its settings', 'the settings of this channel')).toContain(part)
      expect(text).not.toContain('Model:')
      expect(buttons).toEqual([])
    })

    it('lets an admin change them with a form that has the present values', async () => {
      const patches: unknown[] = []
      await using chat: SettingsChat = await open([
        ...stored(() => chat, { preferences: { plan: 'always', jobCostUsd: 2.5 } }),
        {
          'PATCH /preferences/*': ({ body }) => {
            patches.push(body)
            return {
              body: settingsOf(holdersFor(chat).channel, {
                preferences: { plan: 'never' },
                updatedAt: '2026-11-29T10:00:00.000Z',
                updatedBy: holdersFor(chat).person.replace('person:', ''),
              }),
            }
          },
        },
      ])
      const { channel, person } = holdersFor(chat)
      await chat.settings('channel', 'admin')
      const { buttons } = await chat.nextReply()
      expect(buttons).toEqual([
        { action: 'change_settings', jobId: channel },
        { action: 'change_house_rules', jobId: channel },
      ])
      await chat.press('change_settings', channel, 'admin')
      const form = await chat.shownForm()
      for (const part of ['Settings', 'Plan', 'always', 'Cost limit of a job', '2.50'])
        expect(form).toContain(part)
      await chat.submitSettings(
        'settings',
        channel,
        { plan: ['never'], jobCostUsd: '', monthCostUsd: '$20' },
        'admin',
      )
      const { text } = await chat.nextReply()
      expect(text).toContain('Saved.')
      expect(text).toContain('Plan: never')
      expect(text).toContain('on 2026-11-29')
      expect(patches).toEqual([
        {
          preferences: { plan: 'never', jobCostUsd: null, monthCostUsd: 20 },
          by: person.replace('person:', ''),
        },
      ])
    })

    it('takes house rules as they were written', async () => {
      const rules = 'Every list is paged.\n<@U1> <!channel> **bold** & “quotes” 🐘'
      const patches: unknown[] = []
      await using chat: SettingsChat = await open([
        {
          'PATCH /preferences/*': ({ body }) => {
            patches.push(body)
            return { body: settingsOf(holdersFor(chat).channel, { preferences: { houseRules: rules } }) }
          },
        },
      ])
      await chat.submitSettings(
        'house_rules',
        holdersFor(chat).channel,
        { houseRules: ` ${rules}\n` },
        'admin',
      )
      expect((await chat.nextReply()).text).toContain('Every list is paged.')
      expect(patches).toMatchObject([{ preferences: { houseRules: rules } }])
    })

    it.each(['channel', 'workspace'] as const)(
      'refuses everyone else to change those of the %s, in one sentence, and sends nothing',
      async (kind) => {
        await using chat = await open([])
        await chat.submitSettings('settings', holdersFor(chat)[kind], { plan: ['never'] }, 'stranger')
        const { text } = await chat.nextReply()
        expect(text).toMatch(/^Only /)
        expect(text).toContain('Nothing was changed.')
      },
    )

    it('refuses to change those of another person and of another place, also for admins of this one', async () => {
      await using chat = await open([])
      const other = holdersOf(chat.originElsewhere())
      for (const holder of [other.person!, holdersFor(chat, 'stranger').person]) {
        await chat.submitSettings('settings', holder, { mention: ['never'] }, 'requester')
        expect((await chat.nextReply()).text).toContain('Nothing was changed.')
      }
      await chat.submitSettings('settings', other.channel!, { plan: ['never'] }, 'requester')
      expect((await chat.nextReply()).text).toContain('Nothing was changed.')
    })

    it('lets everyone change their own', async () => {
      const patches: unknown[] = []
      const mine = (chat: SettingsChat, over: Partial<PreferencesView> = {}) =>
        settingsOf(holdersFor(chat, 'stranger').person, over)
      await using chat: SettingsChat = await open([
        { 'GET /preferences/*': () => ({ body: mine(chat) }) },
        {
          'PATCH /preferences/*': ({ body }) => {
            patches.push(body)
            return { body: mine(chat, { preferences: { mention: 'never' } }) }
          },
        },
      ])
      await chat.settings('person', 'stranger')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('Mention me: not set')
      expect(text).not.toContain('Spent')
      const { person } = holdersFor(chat, 'stranger')
      expect(buttons).toEqual([{ action: 'change_settings', jobId: person }])
      await chat.submitSettings('settings', person, { mention: ['never'], delivery: ['not_set'] }, 'stranger')
      expect((await chat.nextReply()).text).toContain('Mention me: never')
      expect(patches).toMatchObject([{ preferences: { mention: 'never', delivery: null } }])
    })

    it('says that a button has expired when its settings were shown too long ago', async () => {
      await using chat = await open([])
      await chat.press('change_settings', holdersFor(chat).channel, 'admin')
      expect((await chat.nextReply()).text).toContain('expired')
    })

    it('says so when they cannot be read or written', async () => {
      const problem = 'The queue is unavailable. Try again in a few seconds.'
      await using chat = await open([
        { 'GET /preferences/*': () => refused(503, 'queue_unavailable', problem) },
        {
          'PATCH /preferences/*': () => refused(400, 'model_not_allowed', 'The model x is not allowed here.'),
        },
      ])
      await chat.settings('channel')
      expect((await chat.nextReply()).text).toContain(problem)
      await chat.submitSettings('settings', holdersFor(chat).channel, { plan: ['never'] }, 'admin')
      expect((await chat.nextReply()).text).toContain('The model x is not allowed here.')
    })

    it('takes other texts that begin with the word as descriptions', async () => {
      let prompt: string | undefined
      await using chat = await open([
        { 'POST /generate-backend': ({ body }) => ((prompt = body?.prompt), queued(jobId)) },
      ])
      await chat.command('settings service with feature flags')
      await expect.poll(() => prompt).toBe('settings service with feature flags')
    })
  })
}
