import { toCron, describeSchedule, type Schedule } from '#contract'
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports } from '../../../codegen/imports.ts'
import { servicesCode, servicesType } from '../services.ts'
import type { Task } from '../tasks.ts'
import { test } from './operation-tests.ts'

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

/** `tests/scheduled/<id>.test.ts`: a task runs with any rows, or reports that it is not implemented. */
export function taskTestsFile({ schedule, functionName, fileName, isWritten }: Task): string {
  const imports = makeImports()
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  const assert = imports.default('node:assert/strict', 'assert')
  const open = imports.value('../support/tasks.ts', 'openTaskSetting')
  const run = `await ${imports.value(`../../src/scheduled/${fileName}.ts`, functionName)}(setting.context);`
  const setting = (rows: 'seeded' | 'empty') => `using setting = ${open}('${rows}');`
  const isSound = `${assert}.deepEqual(setting.database.prepare('PRAGMA foreign_key_check').all(), []);`
  const tests = isWritten
    ? [
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
