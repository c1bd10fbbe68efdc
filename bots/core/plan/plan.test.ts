import { describe, expect, it } from 'vitest'
import { isApproval } from './approval-words.ts'
import { choiceValue, planSubject, readPlanForm, readPlanSubject } from './plan-subject.ts'

describe('words about a plan', () => {
  it.each([
    'approve',
    'Approved!',
    'ok go',
    'OK, go ahead please',
    'yes',
    'lgtm 👍',
    'Looks good, thanks',
    'build it now',
  ])('approve: %s', (said) => expect(isApproval(said)).toBe(true))

  it.each([
    '',
    'ok',
    'thanks',
    'go with postgres',
    'yes, but add tags',
    'looks good except the price',
    'no',
    'do not build it',
    'approve orders by an admin',
  ])('do not approve: %s', (said) => expect(isApproval(said)).toBe(false))
})

describe('what buttons and forms of a plan carry', () => {
  const jobId = '01jd8q4x7zk3m5n9p2r6s8t0vw'

  it('reads what was written', () => {
    for (const subject of [
      { jobId, version: 3, answer: null },
      { jobId, version: 20, answer: { question: 0, choice: 4 } },
    ])
      expect(readPlanSubject(planSubject(subject))).toEqual(subject)
  })

  it.each(['', jobId, `${jobId}.x`, `${jobId}.1.2`, '../1.1'])('refuses %j', (subject) =>
    expect(readPlanSubject(subject)).toBeNull(),
  )

  it('takes answers with the words, and none that only repeat what is assumed', () => {
    const open = choiceValue('sign-in', { id: 'none', assumed: true })
    const jwt = choiceValue('sign-in', { id: 'jwt', assumed: false })
    expect(readPlanForm([open], ' ')).toBeNull()
    expect(readPlanForm([open], ' Add tags ')).toEqual({
      words: 'Add tags',
      answers: [{ question: 'sign-in', choice: 'none' }],
    })
    expect(readPlanForm([jwt], '')).toEqual({ answers: [{ question: 'sign-in', choice: 'jwt' }] })
  })
})
