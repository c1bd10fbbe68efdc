import { CustomOperation, type Json } from '#contract'
import { toCamel, toPascal } from '../../blueprint/words.ts'
import type { LlmAnswer, LlmRow, LlmRowChange, LlmSchedule } from './llm-schema.ts'
import { shortText } from '../short-text.ts'

/** What examples of operations and of scheduled tasks share. Throws if a value is not JSON. */

export const json = (text: string): Json => JSON.parse(text)

export const toRows = (rows: readonly LlmRow[]) =>
  rows.map(({ name, entity, values }) => ({
    name: camel(name),
    entity: pascal(entity),
    values: json(values),
  }))

/** Stubbed responses of services, if there are any. */
export const toAnswers = (answers: readonly LlmAnswer[]) =>
  answers.length === 0
    ? {}
    : {
        answers: answers.map(({ service, call, answer }) => ({
          service: camel(service),
          call: camel(call),
          answer: json(answer),
        })),
      }

/** The changes of rows, unless they are left open. */
export const toRowsAfter = (changes: readonly LlmRowChange[] | null) =>
  changes === null
    ? {}
    : {
        rowsAfter: changes.map(({ change, row, entity, values }) => ({
          change,
          ...(change === 'created' ? { entity: pascal(entity ?? '') } : { row: camel(row ?? '') }),
          ...(change !== 'removed' && { values: json(values ?? '{}') }),
        })),
      }

/** An example of a scheduled task; null if it cannot be parsed. */
export function toTaskExample(example: LlmSchedule['examples'][number]) {
  try {
    return {
      title: shortText(example.title) || 'an example',
      now: example.now,
      rows: toRows(example.rows),
      ...toAnswers(example.answers),
      ...toRowsAfter(example.rowsAfter),
      ...(example.calls && {
        calls: example.calls.map(({ service, call, input }) => ({
          service: camel(service),
          call: camel(call),
          ...(input !== null && { input: json(input) }),
        })),
      }),
    }
  } catch {
    return null
  }
}

const camel = (name: string): string =>
  CustomOperation.shape.id.safeParse(name).success ? name : (toCamel(name) ?? name)
const pascal = (name: string): string =>
  /^[A-Z][a-zA-Z0-9]{0,59}$/.test(name) ? name : (toPascal(name) ?? name)
