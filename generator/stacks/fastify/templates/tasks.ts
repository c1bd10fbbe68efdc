import { toCron, describeSchedule, type Schedule, type TaskExample } from '#contract'
import { instantAfter } from '../../../blueprint/lint/example-words.ts'
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { ProjectModel } from '../model.ts'
import { servicesCode, servicesType } from '../services.ts'
import type { Task } from '../tasks.ts'
import { changesCode, exampleRows } from './example-rows.ts'
import { valueCode, type ExampleWords } from './example-values.ts'
import { test } from './example-tests.ts'

/** `src/schedule.ts`: the task schedule. */
export function scheduleFile(tasks: readonly Task[]): string {
  const imports = makeImports()
  const type = imports.type('./task-context.ts', 'Task')
  const entries = tasks.map(({ schedule, description, functionName, fileName }) => {
    const run = imports.value(`./scheduled/${fileName}.ts`, functionName)
    return `{
    id: '${schedule.id}',
    description: ${stringLiteral(description)},
    // ${commentText(describeSchedule(schedule.when))}
    cron: ${stringLiteral(toCron(schedule.when))},
    run: ${schedule.uses ? `({ services, ...context }) => ${run}({ ...context, services: ${servicesCode(schedule.uses)} })` : run},
  },`
  })
  return `${imports.render()}

/** The scheduled tasks. Times are in UTC. */
export const schedule: readonly ${type}[] = [
${entries.join('\n')}
];
`
}

/** The context of a task, including its declared services. */
export const taskContextType = ({ uses }: Pick<Schedule, 'uses'>): string =>
  uses ? `TaskContext & { services: ${servicesType(uses)} }` : 'TaskContext'

/** `src/scheduled/<id>.ts` of a task that is not implemented. */
export function taskStubFile({ schedule, description, functionName }: Task): string {
  const rules = schedule.rules.map((rule) => ` * - ${commentText(rule)}`)
  return `${schedule.uses ? "import type { Services } from '../services/index.ts';\n" : ''}import type { TaskContext } from '../task-context.ts';

/**
 * Not implemented yet (logs a warning and does nothing). ${commentText(description)}
 *
${rules.join('\n')}
 */
export function ${functionName}({ log }: ${taskContextType(schedule)}): Promise<void> | void {
  log.warn(${stringLiteral(`Not implemented yet: ${description}`)});
}
`
}

/** `tests/scheduled/<id>.test.ts`: the examples, and a run with any rows; or that it is not implemented. */
export function taskTestsFile(task: Task, model: ProjectModel): string {
  const { schedule, functionName, fileName, isWritten } = task
  const imports = makeImports()
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  const assert = imports.default('node:assert/strict', 'assert')
  const open = imports.value('../support/tasks.ts', 'openTaskSetting')
  const run = `await ${imports.value(`../../src/scheduled/${fileName}.ts`, functionName)}(setting.context);`
  const setting = (rows: 'seeded' | 'empty') => `using setting = ${open}('${rows}');`
  const isSound = `${assert}.deepEqual(setting.database.prepare('PRAGMA foreign_key_check').all(), []);`
  const tests = isWritten
    ? [
        ...(schedule.examples ?? []).map((example) => taskExampleTest(example, { run, model, imports })),
        test(
          'runs over the rows of the seeds, and again over what it left',
          setting('seeded'),
          run,
          run,
          isSound,
        ),
        test('runs over an empty database', setting('empty'), run, isSound),
      ]
    : [
        test(
          'logs that it is not written',
          setting('seeded'),
          run,
          `${assert}.match(setting.lines.map(({ msg }) => msg).join('\\n'), /^Not implemented yet: /);`,
        ),
      ]
  return `${imports.render()}\n\ndescribe('the scheduled task ${schedule.id}', () => {\n${tests.join('\n\n')}\n});\n`
}

/** A run at a fixed time: what it changes, and what it calls. */
function taskExampleTest(
  { title, now, rows: stated, answers = [], rowsAfter, calls }: TaskExample,
  { run, model, imports }: { readonly run: string; readonly model: ProjectModel; readonly imports: Imports },
): string {
  const scope = { model, imports, target: 'setting', now } as const
  const rows = exampleRows(stated, scope)
  const { reference } = rows
  const time = stringLiteral(new Date(now).toISOString())
  const words: ExampleWords = {
    reference,
    time: (after) =>
      `${imports.value('../support/rows.ts', 'timeOf')}(${stringLiteral(instantAfter(now, after))})`,
    any: () => imports.value('../support/rows.ts', 'anyValue'),
  }
  const changes = changesCode(rowsAfter, scope, rows, words)
  const made = calls?.map(
    ({ service, call, input }) =>
      `{ call: '${service}.${call}'${input === undefined ? '' : `, input: ${valueCode(input, words)}`} }`,
  )
  const lines = [
    ...answers.map(
      (one) => `setting.say('${one.service}.${one.call}', ${valueCode(one.answer, { reference })});`,
    ),
    ...changes.before,
    run,
    ...changes.after,
    ...(made === undefined
      ? []
      : [
          `${imports.default('node:assert/strict', 'assert')}.equal(setting.calls.length, ${made.length}, JSON.stringify(setting.calls));`,
          ...(made.length === 0
            ? []
            : [
                `${imports.value('../support/rows.ts', 'expectPartly')}(setting.calls, [${made.join(', ')}]);`,
              ]),
        ]),
  ]
  return test(title, `using setting = openTaskSetting('empty', ${time});`, ...rows.insert(lines), ...lines)
}
