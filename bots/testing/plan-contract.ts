import { describe, expect, it } from 'vitest'
import type { JobNeeds } from '#contract'
import { planOf } from '#contract/testing/samples'
import type { Person } from './chat-contract.ts'
import { jobId, recordOf, summaryOf, viewOf } from './jobs.ts'
import { refused, type ApiCall, type ApiStep } from './scripted-api.ts'
import type { SteeredChat } from './steering-contract.ts'

/** A chat in which people decide on plans. */
export type PlanningChat = SteeredChat & {
  /** Submits the form of the Change button: the values of its selects, and words. */
  submitPlan(subject: string, chosen: readonly string[], words: string, by?: Person): Promise<void>
  /** Mentions the bot in the thread of the job. */
  writeInThread(text: string, options?: { by?: Person; delivery?: string }): Promise<void>
}

const QUESTION: JobNeeds['questions'][number] = {
  id: 'sign-in',
  text: 'Who may use it?',
  choices: [
    { id: 'none', label: 'Everyone', assumed: true },
    { id: 'jwt', label: 'People with an account', assumed: false },
  ],
  freeText: false,
}

const needsOf = (version = 1): JobNeeds => ({ plan: planOf({ version }), questions: [QUESTION] })
const waiting = (version = 1) => viewOf({ state: 'waiting', stage: null, needs: needsOf(version) })
const ROUTE = `POST /jobs/${jobId}/plan`

/** The guarantees of every chat for plans. */
export function planContract(
  name: string,
  open: (steps: readonly ApiStep[], options?: { teamRefines: boolean }) => Promise<PlanningChat>,
): void {
  const lookUp = (chat: () => PlanningChat, view = waiting()): ApiStep => ({
    [`GET /jobs/${jobId}`]: () => ({ body: view }),
    [`GET /jobs/${jobId}/request`]: () => ({ body: recordOf({ origin: chat().originOf('requester') }) }),
  })
  const inThread = (): ApiStep => ({
    'GET /jobs?thread': () => ({
      body: { jobs: [summaryOf({ state: 'waiting', planVersion: 1 })], nextCursor: null },
    }),
  })
  const taking = (calls: ApiCall[]): ApiStep => ({
    [ROUTE]: (call) => (calls.push(call), { body: viewOf() }),
  })

  describe(`plans in ${name}`, () => {
    it('are approved by a button, however often it is pressed', async () => {
      const calls: ApiCall[] = []
      await using chat: PlanningChat = await open([
        lookUp(() => chat),
        taking(calls),
        lookUp(() => chat, viewOf()),
        taking(calls),
      ])
      for (let time = 0; time < 2; time++) {
        await chat.press('approve_plan', `${jobId}.1`)
        expect((await chat.nextReply()).text).toContain('Approved. I’m building it.')
      }
      const { kind, userId } = chat.originOf('requester') as { kind: string; userId: string }
      for (const { body } of calls)
        expect(body).toMatchObject({ decision: 'approve', version: 1, origin: { kind, userId } })
      expect(calls).toHaveLength(2)
    })

    it.each(['approve', 'ok go', 'Yes please!'])('are approved by words: %s', async (words) => {
      const calls: ApiCall[] = []
      await using chat: PlanningChat = await open([inThread(), lookUp(() => chat), taking(calls)])
      await chat.writeInThread(words)
      expect((await chat.nextReply()).text).toContain('Approved.')
      expect(calls[0]?.body).toMatchObject({ decision: 'approve', version: 1 })
    })

    it('are changed by words in the thread, the same message once', async () => {
      const calls: ApiCall[] = []
      await using chat: PlanningChat = await open([
        inThread(),
        lookUp(() => chat),
        taking(calls),
        inThread(),
        lookUp(() => chat, waiting(2)),
        taking(calls),
      ])
      for (let time = 0; time < 2; time++) {
        await chat.writeInThread('todos also have tags', { delivery: 'a' })
        expect((await chat.nextReply()).text).toContain('I’m changing the plan.')
      }
      expect(calls[0]?.body).toMatchObject({ decision: 'change', version: 1, words: 'todos also have tags' })
      expect(calls[0]?.idempotencyKey).toBeTruthy()
      expect(calls[1]?.idempotencyKey).toBe(calls[0]?.idempotencyKey)
    })

    it('are changed by one tap on an answer', async () => {
      const calls: ApiCall[] = []
      await using chat: PlanningChat = await open([lookUp(() => chat), taking(calls)])
      await chat.press('answer_plan', `${jobId}.1.0.1`)
      expect((await chat.nextReply()).text).toContain('I’m changing the plan.')
      expect(calls[0]?.body).toMatchObject({
        decision: 'change',
        version: 1,
        answers: [{ question: 'sign-in', choice: 'jwt' }],
      })
    })

    it('are changed by a form that has their questions', async () => {
      const calls: ApiCall[] = []
      await using chat: PlanningChat = await open([lookUp(() => chat), lookUp(() => chat), taking(calls)])
      await chat.press('change_plan', `${jobId}.1`)
      const { text } = await chat.nextReply()
      for (const part of ['Who may use it?', 'People with an account']) expect(text).toContain(part)
      await chat.submitPlan(`${jobId}.1`, ['sign-in:jwt'], 'add tags')
      expect((await chat.nextReply()).text).toContain('I’m changing the plan.')
      expect(calls[0]?.body).toMatchObject({
        decision: 'change',
        version: 1,
        words: 'add tags',
        answers: [{ question: 'sign-in', choice: 'jwt' }],
      })
    })

    it.each(['approve_plan', 'change_plan', 'answer_plan'])(
      'say so when they are outdated: %s',
      async (action) => {
        const outdated: ApiStep = {
          [ROUTE]: () => refused(409, 'plan_outdated', 'Version 1 of the plan was changed.'),
        }
        await using chat: PlanningChat = await open([
          lookUp(() => chat, waiting(2)),
          ...(action === 'approve_plan' ? [outdated] : []),
        ])
        await chat.press(action, action === 'answer_plan' ? `${jobId}.1.0.1` : `${jobId}.1`)
        const { text, buttons } = await chat.nextReply()
        expect(text).toContain('This is plan 1, and plan 2 is newer.')
        expect(buttons.map(({ action: one, jobId: subject }) => `${one} ${subject}`)).toContain(
          `approve_plan ${jobId}.2`,
        )
      },
    )

    it.each([
      ['plan_expired', 'Nobody decided on this plan in time'],
      ['plan_decided', 'This plan was changed already.'],
      ['job_finished', 'This job ended a moment ago'],
      ['no_plan', 'This plan was decided already.'],
    ])('say so when the API refuses: %s', async (code, words) => {
      const why = code === 'plan_decided' ? words : `The job ended at 2026-11-30, see /jobs/${jobId}.`
      await using chat: PlanningChat = await open([
        lookUp(() => chat, viewOf({ stage: null })),
        { [ROUTE]: () => refused(409, code, why) },
      ])
      await chat.press('approve_plan', `${jobId}.1`)
      const { text } = await chat.nextReply()
      expect(text).toContain(words)
      expect(text).not.toContain('/jobs/')
    })

    it.each([
      ['completed', 'It’s built already. Press Refine to change it.', 'refine_job'],
      ['cancelled', 'This job was cancelled. Press Retry to start again.', 'retry_job'],
      ['failed', 'This job failed. Press Retry to start again.', 'retry_job'],
    ] as const)(
      'are not approved, by a button or words, once the job has ended: %s',
      async (state, words, action) => {
        const ended = viewOf({ state, stage: null })
        await using chat: PlanningChat = await open([
          lookUp(() => chat, ended),
          inThread(),
          lookUp(() => chat, ended),
        ])
        await chat.press('approve_plan', `${jobId}.1`)
        await chat.writeInThread('approve')
        for (let time = 0; time < 2; time++) {
          const { text, buttons } = await chat.nextReply()
          expect(text).toContain(words)
          expect(buttons.map((button) => button.action)).toContain(action)
        }
      },
    )

    it('say that a backend is being built to those who approve it again in words', async () => {
      await using chat: PlanningChat = await open([
        inThread(),
        lookUp(() => chat, viewOf({ stage: 'verify' })),
      ])
      await chat.writeInThread('approve')
      expect((await chat.nextReply()).text).toContain('I’m building it already.')
    })

    it.each([
      ['approve_plan', `${jobId}.1`],
      ['change_plan', `${jobId}.1`],
      ['answer_plan', `${jobId}.1.0.1`],
      ['cancel_job', jobId],
    ])('are for those who may refine the job, or cancel it: %s', async (action, subject) => {
      await using chat: PlanningChat = await open([lookUp(() => chat)])
      await chat.press(action, subject, 'stranger')
      const { text } = await chat.nextReply()
      expect(text).toContain('Only')
      expect(text).toContain(chat.requesterName)
    })

    it('are for the team where a setting says so', async () => {
      const calls: ApiCall[] = []
      await using chat: PlanningChat = await open([lookUp(() => chat), taking(calls)], { teamRefines: true })
      await chat.press('approve_plan', `${jobId}.1`, 'stranger')
      expect((await chat.nextReply()).text).toContain('Approved.')
      expect(calls).toHaveLength(1)
    })

    it('are not approved by the words of others', async () => {
      await using chat: PlanningChat = await open([inThread(), lookUp(() => chat)])
      await chat.writeInThread('approve', { by: 'stranger' })
      expect((await chat.nextReply()).text).toContain('Only')
    })

    it('are shown with what they need by the status of their job', async () => {
      await using chat: PlanningChat = await open([
        { 'GET /jobs': () => ({ body: { jobs: [summaryOf()], nextCursor: null } }) },
        { [`GET /jobs/${jobId}`]: () => ({ body: waiting() }) },
      ])
      await chat.command('status')
      const { text, buttons } = await chat.nextReply()
      expect(text).toContain('Plan ready, waiting for a decision')
      expect(buttons.map(({ action }) => action)).toEqual([
        'approve_plan',
        'change_plan',
        'job_details',
        'cancel_job',
      ])
    })
  })
}
