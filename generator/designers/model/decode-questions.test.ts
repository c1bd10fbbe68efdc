import { describe, expect, it } from 'vitest'
import { decodeQuestions } from './decode-questions.ts'
import { exampleDesign } from './design-example.ts'
import { readDesign } from './read-design.ts'

describe('the questions of a design', () => {
  it('have a choice that the design is made with, and may be answered in other words', () => {
    const questions = [{ question: ' May guests\nbook? ', choices: ['No, only members', 'Yes'] }]
    expect(decodeQuestions(questions)).toEqual([
      {
        id: 'q1',
        text: 'May guests book?',
        choices: [
          { id: 'a', label: 'No, only members', assumed: true },
          { id: 'b', label: 'Yes', assumed: false },
        ],
        freeText: true,
      },
    ])
  })

  it('are at most three, each with at least two different choices and at most four', () => {
    const choices = ['1', '2', '3', '4', '5']
    const decoded = decodeQuestions([
      { question: 'None?', choices: [] },
      { question: 'One?', choices: ['yes', 'yes', ' '] },
      { question: '', choices },
      ...['A?', 'B?', 'C?', 'D?'].map((question) => ({ question, choices })),
    ])
    expect(decoded.map(({ id, text }) => [id, text])).toEqual([
      ['q1', 'A?'],
      ['q2', 'B?'],
      ['q3', 'C?'],
    ])
    expect(decoded[0]!.choices).toHaveLength(4)
  })
})

describe('a design of a model', () => {
  it('passes its questions on, and has none where the answer leaves them out', () => {
    const { questions: _none, ...older } = exampleDesign
    const plain = readDesign(older, { options: {} })
    expect(plain.kind === 'sound' && plain.design.questions).toBeUndefined()
    const questions = [{ question: 'May guests review?', choices: ['No', 'Yes'] }]
    expect(readDesign({ ...exampleDesign, questions }, { options: {} })).toMatchObject({
      design: {
        questions: [{ id: 'q1', text: 'May guests review?', choices: [{ label: 'No' }, { label: 'Yes' }] }],
      },
    })
  })
})
