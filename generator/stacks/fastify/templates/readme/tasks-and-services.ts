import { describeSchedule } from '#contract'
import { markdownCode, markdownText } from '../../../../codegen/encode/markdown.ts'
import type { ProjectModel } from '../../model.ts'
import { handlerPath } from '../../custom-operations.ts'
import { taskPath } from '../../tasks.ts'
import { table } from './markdown-table.ts'

export function scheduled({ tasks }: ProjectModel): string {
  if (tasks.length === 0) return ''
  const rows = tasks.map(({ schedule, description, isWritten }) => [
    markdownCode(schedule.id),
    markdownText(describeSchedule(schedule.when)),
    `${markdownText(description)}${isWritten ? '' : ' (**not implemented**)'}`,
  ])
  return `## Scheduled tasks\n
${table(['Task', 'Schedule', 'Description'], rows)}

They run in the service itself, each never concurrently with itself; a failed run is logged and does not affect the next. To run one now:
\`npm run task -- ${tasks[0]!.schedule.id}\`. With several processes, set \`SCHEDULES=off\` in all but one.`
}

export function called({ clients }: ProjectModel): string {
  if (clients.length === 0) return ''
  const rows = clients.map(({ service, description, calls }) => [
    markdownCode(service.name),
    markdownText(description),
    markdownCode(service.baseUrl),
    calls.map(({ call }) => markdownCode(`${call.method} ${call.path}`)).join(', '),
  ])
  return `## External services\n
${table(['Service', 'Description', 'Base URL', 'Calls'], rows)}

Only \`src/services\` sends requests. Responses are validated, redirects are not followed, and every call has a timeout: a
failed service gives 502, a slow one 504. Tests use test doubles and no network.`
}

export function unwritten({ customs, tasks }: ProjectModel): string {
  const operations = customs
    .filter(({ isWritten }) => !isWritten)
    .map((custom) => `- ${markdownCode(handlerPath(custom))}: ${markdownText(custom.summary)}`)
  const stubs = tasks
    .filter(({ isWritten }) => !isWritten)
    .map((task) => `- ${markdownCode(taskPath(task))}: ${markdownText(task.description)}`)
  if (operations.length + stubs.length === 0) return ''
  const parts = [
    ...(operations.length > 0
      ? [
          `These operations return 501 for now. The rules of each are in its file; its test describes
the current response:\n\n${operations.join('\n')}`,
        ]
      : []),
    ...(stubs.length > 0
      ? [
          `These tasks only log that they are not implemented for now. The rules of each are in its
file:\n\n${stubs.join('\n')}`,
        ]
      : []),
  ]
  return `## Not implemented\n\n${parts.join('\n\n')}`
}
