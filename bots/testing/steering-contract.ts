import { describe, expect, it } from 'vitest'
import type { Person } from './chat-contract.ts'
import { jobId, otherJobId, recordOf, summaryOf, viewOf } from './jobs.ts'
import type { RefiningChat } from './refine-contract.ts'
import { queued, type ApiCall, type ApiStep } from './scripted-api.ts'

/** A chat whose jobs are steered by reactions and started from messages. */
export type SteeredChat = RefiningChat & {
  /** Reacts with an emoji, `x` for ❌, to the parent message of a job. */
  react(emoji: string, by?: Person): Promise<void>
  /** The message that is reacted to, as `placeOf` of the contract names it. */
  readonly place: string
  /** Writes to the bot, with a forwarded or shared message. */
  write(text: string, shared?: string): Promise<void>
  /** Uses “Build a backend from this” on a message. */
  buildFromMessage(text: string): Promise<void>
}

/** The guarantees of every chat for what steers a job besides commands. */
export function steeringContract(
  name: string,
  open: (steps: readonly ApiStep[] | 'unreachable') => Promise<SteeredChat>,
): void {
  describe(`steering in ${name}`, () => {
    const lookUp = (chat: () => SteeredChat, states: readonly ('active' | 'completed')[]): ApiStep => ({
      'GET /jobs?thread': ({ query }) => {
        expect(query['thread']).toBe(chat().place)
        const jobs = states.map((state, at) => summaryOf({ jobId: at === 0 ? jobId : otherJobId, state }))
        return { body: { jobs, nextCursor: null } }
      },
    })
    const request = (chat: () => SteeredChat): ApiStep => ({
      [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin: chat().originOf('requester') }) }),
    })

    it('cancels a running job when its requester reacts with ❌', async () => {
      let cancelled = false
      await using chat: SteeredChat = await open([
        lookUp(() => chat, ['active', 'completed']),
        request(() => chat),
        {
          [`DELETE /jobs/${jobId}`]: () => {
            cancelled = true
            return { body: viewOf({ state: 'cancelled' }) }
          },
        },
      ])
      await chat.react('x')
      await expect.poll(() => cancelled).toBe(true)
      expect(await chat.countReplies()).toBe(0)
    })

    it.each<[Person]>([['stranger'], ['admin']])('does nothing when the %s reacts', async (by) => {
      let looked = false
      await using chat: SteeredChat = await open([
        lookUp(() => chat, ['active']),
        {
          [`GET /jobs/${jobId}/request`]: () => {
            looked = true
            return { body: recordOf({ origin: chat.originOf('requester') }) }
          },
        },
      ])
      await chat.react('x', by)
      await expect.poll(() => looked).toBe(true)
      expect(await chat.countReplies()).toBe(0)
    })

    it('does nothing to a job that has ended', async () => {
      await using chat: SteeredChat = await open([lookUp(() => chat, ['completed'])])
      await chat.react('x')
      expect(await chat.countReplies()).toBe(0)
    })

    it('looks nothing up for other reactions', async () => {
      await using chat = await open([])
      await chat.react('tada')
      expect(await chat.countReplies()).toBe(0)
    })

    it('builds a backend from a message', async () => {
      const calls: ApiCall[] = []
      await using chat = await open([
        { 'POST /generate-backend': (call) => (calls.push(call), queued(jobId)) },
      ])
      await chat.buildFromMessage('a todo app with tags')
      await expect.poll(() => calls.length).toBe(1)
      expect(calls[0]?.body).toMatchObject({
        prompt: 'a todo app with tags',
        origin: { kind: chat.originOf('requester').kind },
      })
    })

    it('asks when a message may be a question, and builds when told to', async () => {
      const calls: ApiCall[] = []
      await using chat = await open([
        { 'POST /generate-backend': (call) => (calls.push(call), queued(jobId)) },
      ])
      await chat.write('do you make APIs for libraries?')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('Should I build this, or is it a question?')
      expect(buttons.map(({ action }) => action)).toEqual(['build_request', 'answer_question'])
      await chat.press('answer_question', buttons[1]!.jobId)
      expect((await chat.nextReply()).text).toContain('Describe a backend')
      expect(calls).toEqual([])
      await chat.press('build_request', buttons[0]!.jobId)
      await expect.poll(() => calls.length).toBe(1)
      expect(calls[0]?.body?.prompt).toBe('do you make APIs for libraries?')
    })

    it('builds from a message that is forwarded or shared', async () => {
      const calls: ApiCall[] = []
      await using chat = await open([
        { 'POST /generate-backend': (call) => (calls.push(call), queued(jobId)) },
      ])
      await chat.write('', 'a todo app with tags')
      await expect.poll(() => calls.length).toBe(1)
      expect(calls[0]?.body?.prompt).toBe('a todo app with tags')
    })

    it('says so when a message has nothing to build from', async () => {
      await using chat = await open([])
      await chat.buildFromMessage('')
      expect((await chat.nextReply()).text).toContain('no text and no file')
    })
  })
}
