import type { Blueprint, OperationExample } from '#contract'
import { operationToTransport, toLlm } from '../../generator/designers/model/testing/to-llm.ts'
import { code, says } from '../hostile/faults.ts'
import type { Call, HostileModel } from '../hostile/hostile-model.ts'
import type { PlayedJob } from './jobs.ts'
import {
  isOfCode,
  pathOf,
  withMistake,
  type PlausibleProject,
  type WrongExample,
} from './plausible-project.ts'

/** Sets all replies of one job: good ones, but for the first code of a mistake. */
export function teach(model: HostileModel, { project, mistakes }: PlayedJob, token: string): void {
  const { handlers, further } = project
  const wrong = mistakes.flatMap((one) => (isOfCode(one) ? [] : [one]))
  const answers = (call: Call, value: unknown, ...texts: string[]) =>
    model.answer([token, ...texts], call, says(JSON.stringify(value)))

  answers('design', toLlm(designOf(project, wrong, token)))
  for (const [id, good] of Object.entries(handlers)) {
    const file = pathOf(id, project)
    const mistake = mistakes.filter(isOfCode).find((one) => one.in === id)
    model.answer([token, file], 'code', code(mistake ? withMistake(mistake, good) : good))
    model.answer([token, file], 'repaired code', code(good))
    const objection = wrong.find((one) => one.in === id)
    answers(
      'repair',
      {
        code: good,
        notes: '',
        cannot: '',
        wrongExample: objection?.title ?? '',
        whyWrong: objection?.why ?? '',
      },
      file,
    )
  }
  for (const { in: id, title, why } of wrong) {
    const { examples } = project.blueprint.operations.find((one) => one.id === id)!
    const example = JSON.stringify(examples.find((one) => one.title === title))
    answers('judgement', { verdict: 'correct', reason: why, example }, title)
  }
  answers('judgement', { verdict: 'keep', reason: 'The rules and the example agree.', example: '' })
  model.answer(token, 'further examples', {
    response: ((request: { messages: readonly { content: unknown }[] }) => {
      const asked = String(request.messages.at(-1)?.content)
      const examples = Object.entries(further).flatMap(([id, list]) =>
        asked.includes(`{"operation":"${id}"`)
          ? list.map((example) => ({ operation: id, example: exampleToTransport(example, id, project) }))
          : [],
      )
      return { content: JSON.stringify({ examples }) }
    }) as never,
  })
}

/** The design, whose parts name the job, so that each later conversation does. */
function designOf({ blueprint }: PlausibleProject, wrong: readonly WrongExample[], token: string): Blueprint {
  return {
    ...blueprint,
    operations: blueprint.operations.map((one) => ({
      ...one,
      summary: `${one.summary}, ${token}`,
      examples: one.examples.map((example) => {
        const { title, rows, request } = example
        const other = wrong.find((given) => given.in === one.id && given.title === title)
        return other ? { title, rows, request, expect: other.expect } : example
      }),
    })),
    schedules: blueprint.schedules.map((one) => ({ ...one, description: `${one.description}, ${token}` })),
  }
}

function exampleToTransport(example: OperationExample, id: string, { blueprint }: PlausibleProject) {
  const operation = blueprint.operations.find((one) => one.id === id)!
  return operationToTransport({ ...operation, examples: [example] }).examples[0]!
}
