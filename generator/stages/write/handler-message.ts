import type { HandlerSpec } from '../../stacks/stack.ts'
import type { CodeViolation } from '../../code-check/source.ts'

/** The message that describes one operation, task or helper to the model. Untrusted text is between markers. */
export function describeHandlerSpec(spec: HandlerSpec, marker: () => string): string {
  const words = JSON.stringify(
    {
      ...aboutOf(spec),
      ...(spec.config.length > 0 && { config: spec.config }),
      ...(spec.request !== undefined && { request: spec.request }),
    },
    null,
    1,
  )
  let line = marker()
  while (words.includes(line)) line = marker()
  return [
    `The file is ${spec.path}. Its signature:\n${spec.signature}`,
    `It may import from:\n${spec.imports.join('\n')}`,
    `The repositories:\n${spec.repositories.join('\n') || 'none'}`,
    ...spec.types.map(({ path, content }) => `// ${path}\n${content.trim()}`),
    ...(spec.examples.length > 0 && spec.kind !== 'helper' ? [exampleNotes[spec.kind]] : []),
    `The ${spec.kind} stands between the two lines that read ${line}.\n${line}\n${words}\n${line}`,
  ].join('\n\n')
}

const exampleNotes: Record<Exclude<HandlerSpec['kind'], 'helper'>, string> = {
  operation:
    'In the examples, rows are there before the request, $name.property stands for a property of such a row, and $me is the account that asks. rowsAfter lists the rows that the request creates, changes and removes; $now stands for the time of the request, $now+7d and $now-90m for one relative to it, and $any for any value but null.',
  task: 'In the examples, rows are there before a run at the time now, and $name.property stands for a property of such a row. rowsAfter lists the rows that the run creates, changes and removes, and calls its calls to services; $now stands for the time of the run, $now+7d and $now-90m for one relative to it, and $any for any value but null.',
}

function aboutOf(spec: HandlerSpec): object {
  const { kind, id, title, summary, when, rules, refusals, examples, users = [] } = spec
  switch (kind) {
    case 'operation':
      return { route: title, summary, rules, refusals, examples }
    case 'task':
      return { id, summary, when, rules, ...(examples.length > 0 && { examples }) }
    case 'helper': {
      const usedBy = users.map(({ title, summary, rules }) => ({ title, summary, rules }))
      return { id, summary, rules, refusals, usedBy }
    }
  }
}

/** The message that lists a file's violations, for the model that wrote it. */
export function describeCodeFaults(faults: readonly CodeViolation[]): string {
  const list = faults
    .slice(0, 20)
    .map(({ line, message }, index) => `${index + 1}. ${line === null ? '' : `line ${line}: `}${message}`)
  return `Software checked this file and does not run it. Answer with the whole file again, with these violations fixed:\n${list.join('\n')}`
}
