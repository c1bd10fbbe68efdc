import { fillPrompt, readPrompt } from '#lib/read-prompt'
import type { Intent, RefineIntent } from '../designer.ts'
import type { DesignIssue } from './read-design.ts'

/** The request as data: each text stands between two markers that it does not contain. */
export function describeIntent({ prompt, spec, options, houseRules }: Intent, marker: () => string): string {
  const auth = {
    none: 'accountEntity is null, apiKeys is false',
    jwt: 'accountEntity is set',
    apiKey: 'apiKeys is true, accountEntity is null',
    open: 'as the request says',
  }
  return [
    `Settings from the service:\n- signing in: ${auth[options.auth ?? 'open']}`,
    enclose('request', prompt, marker),
    ...(spec === null ? [] : [enclose('document', spec, marker)]),
    ...describeHouseRules(houseRules, marker),
  ].join('\n\n')
}

/** The current design and the requested changes, both as data. */
export function describeRefinement(
  { prompt, present, houseRules }: RefineIntent,
  marker: () => string,
): string {
  return [
    enclose('current design', JSON.stringify(present), marker),
    enclose('request for changes', prompt, marker),
    ...describeHouseRules(houseRules, marker),
  ].join('\n\n')
}

/** Written by those who may set them for a channel, so they are data as well, and the request wins. */
export const describeHouseRules = (rules: string | undefined, marker: () => string): string[] =>
  rules === undefined
    ? []
    : [
        'The team has house rules for every backend. Follow each one as far as it is about what a backend stores, who may do ' +
          'what, and how its routes behave. Where the request says otherwise, the request wins.\n' +
          enclose('list of house rules', rules, marker),
      ]

export function enclose(what: string, text: string, marker: () => string): string {
  let line = marker()
  while (text.includes(line)) line = marker()
  return `The ${what} stands between the two lines that read ${line}.\n${line}\n${text}\n${line}`
}

/** The first problems in one line, for people. */
export function summaryOf(faults: readonly DesignIssue[]): string {
  const more = faults.length > 3 ? ` And ${faults.length - 3} more.` : ''
  return `${faults
    .slice(0, 3)
    .map(({ path, what }) => `${path || 'the root'}: ${what}`)
    .join(' ')}${more}`
}

const designFaults = readPrompt(new URL('prompts/design-faults.md', import.meta.url))

/** The problems of an answer, and how to fix each, for the model. */
export function describeFaults(faults: readonly DesignIssue[], template = designFaults): string {
  const list = faults
    .slice(0, 40)
    .map(({ path, what, why, fix }, index) => `${index + 1}. at ${path || 'the root'}: ${what} ${why} ${fix}`)
  return fillPrompt(template, { FAULTS: list.join('\n') })
}
