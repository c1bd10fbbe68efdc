import type { PlanQuestion } from '#contract'
import type { LlmQuestion } from './llm-schema.ts'

const MAX_QUESTIONS = 3
const MAX_CHOICES = 4
const MAX_TEXT = 300

/** The questions of a design; those without a real choice are left out. The design is made with the first choice. */
export const decodeQuestions = (questions: readonly LlmQuestion[]): PlanQuestion[] =>
  questions
    .map(({ question, choices }) => ({
      text: clean(question),
      labels: [...new Set(choices.map(clean))].filter((label) => label !== ''),
    }))
    .filter(({ text, labels }) => text !== '' && labels.length > 1)
    .slice(0, MAX_QUESTIONS)
    .map(({ text, labels }, at) => ({
      id: `q${at + 1}`,
      text,
      choices: labels.slice(0, MAX_CHOICES).map((label, choice) => ({
        id: String.fromCharCode(97 + choice),
        label,
        assumed: choice === 0,
      })),
      freeText: true,
    }))

const clean = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TEXT)
