import type { Conformance, ConformanceFinding, DocumentPart } from '#contract'
import { oneLine } from '../outcome.ts'
import {
  escapedPointer,
  isJsonType,
  makeDeref,
  nodeOf,
  operationsOf,
  type Deref,
  type DocumentOperation,
  type Node,
} from './document.ts'
import type { Call, CallAnswer, ConformancePlan } from './plan.ts'
import { makeValidators, type Validators } from './validate-answers.ts'

/** Of one operation, in the report. */
const MAX_DIFFERENCES = 4

type Answered = { readonly call: Call; readonly answer: CallAnswer }

/** What the answers to a plan's calls show of each operation of the document. */
export async function compareAnswers({
  plan,
  answers,
}: {
  readonly plan: ConformancePlan
  readonly answers: readonly CallAnswer[]
}): Promise<Conformance> {
  const { document, calls, notes, uncalled } = plan
  const deref = makeDeref(document)
  const validators = await makeValidators(document)
  const byOperation = new Map<string, Answered[]>()
  for (const answer of answers) {
    const call = calls[answer.call]
    if (call === undefined || call.operation === '') continue
    byOperation.set(call.operation, [...(byOperation.get(call.operation) ?? []), { call, answer }])
  }
  const stubs: string[] = []
  const findings: ConformanceFinding[] = []
  const operations = operationsOf(document, deref)
  for (const operation of operations) {
    const given = byOperation.get(operation.name) ?? []
    if (given.some(({ call, answer }) => call.purpose === 'usual' && answer.status === 501)) {
      stubs.push(operation.name)
      continue
    }
    const say = (kind: ConformanceFinding['kind'], what: string, noted: string | null = null) =>
      findings.push({ operation: operation.name, kind, what, noted })
    const differences = given.flatMap((one) => differencesOf(operation, one, { document, deref, validators }))
    if (differences.length > 0) {
      const { what, noted } = summaryOf(differences, operation, notes)
      say('differs', what, noted)
      continue
    }
    if (given.some(({ answer }) => answer.status >= 200 && answer.status < 400)) continue
    const [first] = given
    const isMadeUp = first?.answer.isMadeUp === true && first.answer.status === 404
    const reason = uncalled.find((one) => one.operation === operation.name)?.reason
    say(
      'unproven',
      reason ??
        (isMadeUp
          ? 'nothing could be created that it is about'
          : first?.answer.status === 0
            ? `it did not answer in time (${first.answer.problem ?? 'no reason given'})`
            : first
              ? `only refused, with ${said(first.answer)}`
              : 'there was no time to call it'),
    )
  }
  return {
    operations: operations.length,
    conforming: operations.length - stubs.length - findings.length,
    stubs,
    findings,
    requests: answers.length,
  }
}

type Context = { readonly document: Node; readonly deref: Deref; readonly validators: Validators }

/** What differs, and which parts of the report may say so already. */
type Difference = { readonly what: string; readonly about: DocumentPart['kind'] }

/** What no note covers is said first, and then nothing is called noted. */
function summaryOf(
  differences: readonly Difference[],
  operation: DocumentOperation,
  notes: readonly DocumentPart[],
): { readonly what: string; readonly noted: string | null } {
  const noteOf = ({ about }: Difference): string | null =>
    notes.find(({ kind, name }) => kind === about && (about !== 'operation' || name === operation.name))
      ?.how ?? null
  const sorted = differences.toSorted((a, b) => Number(noteOf(a) !== null) - Number(noteOf(b) !== null))
  const all = [...new Set(sorted.map(({ what }) => what))]
  const more = all.length - MAX_DIFFERENCES
  const covering = [...new Set(sorted.map(noteOf))]
  return {
    what: [...all.slice(0, MAX_DIFFERENCES), ...(more > 0 ? [`and ${more} more`] : [])].join('; '),
    noted: covering.includes(null) ? null : covering.join(' '),
  }
}

function differencesOf(
  operation: DocumentOperation,
  { call, answer }: Answered,
  context: Context,
): Difference[] {
  const { status, prefix } = answer
  const when = {
    prepare: '',
    usual: '',
    full: 'with all parameters, ',
    anonymous: 'without credentials, ',
    unknown: 'for a row that does not exist, ',
    invalid: 'with a body of another form, ',
  }[call.purpose]
  const found: Difference[] = []
  const say = (what: string, about: Difference['about'] = 'operation') =>
    void found.push({ what: `${when}${what}`, about })
  // A busy machine is slow, which says nothing of the service: one that ended fails the gate.
  if (status === 0) return found
  if (call.purpose === 'anonymous' && status < 400) {
    say(`it answers ${status}; the document requires them`, 'security')
    return found
  }
  const isProbe = call.purpose === 'anonymous' || call.purpose === 'unknown' || call.purpose === 'invalid'
  const responses = nodeOf(operation.node['responses'])
  const key = [
    String(status),
    `${Math.floor(status / 100)}XX`,
    `${Math.floor(status / 100)}xx`,
    'default',
  ].find((name) => name in responses)
  if (call.purpose === 'usual' && prefix !== (call.prefixes[0] ?? '') && status !== 404)
    say(`it is served at ${prefix}${call.path}, without the base path ${call.prefixes[0]}`, 'server')
  if (call.credentials.length > 1 && status < 400 && answer.credential >= call.credentials.length - 1)
    say('it takes credentials in another place than the document says', 'security')
  // Whatever creates such rows is a stub, or refused.
  if (answer.isMadeUp && status === 404) return found
  if (key === undefined) {
    // What refuses every request is no part of an operation, unless a valid request is refused.
    if (!isProbe || status >= 500)
      say(`it answers ${said(answer)}; the document lists ${Object.keys(responses).join(', ') || 'nothing'}`)
    return found
  }
  const response = context.deref(responses[key])
  const pointer = pointerOf(operation, responses, key)
  for (const what of bodyDifferences(response, pointer, answer, context))
    say(`${status}: ${what}`, status < 400 ? 'operation' : 'errors')
  for (const what of headerDifferences(response, pointer, answer, context)) say(`${status}: ${what}`)
  return found
}

/** A pointer to the response itself, past a reference to it. */
function pointerOf({ responsesAt }: DocumentOperation, responses: Node, key: string): string {
  const ref = nodeOf(responses[key])['$ref']
  return typeof ref === 'string' ? ref : `${responsesAt}/${key}`
}

function bodyDifferences(
  response: Node,
  pointer: string,
  answer: CallAnswer,
  { validators }: Context,
): string[] {
  const content = Object.keys(nodeOf(response['content']))
  const given = (answer.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (content.length === 0) {
    // An error of which the document says nothing more has the form of the service.
    return answer.bytes > 0 && answer.status < 400
      ? [`it has a body of ${given || 'no type'}; the document has none`]
      : []
  }
  if (answer.bytes === 0) return [`its body is empty; the document has one of ${content.join(' or ')}`]
  const type = content.find((one) => fitsType(one, given))
  if (type === undefined)
    return [`it is ${given || 'without a type'}; the document says ${content.join(' or ')}`]
  if (!isJsonType(given) || answer.isCut) return []
  const media = nodeOf(nodeOf(response['content'])[type])
  if (media['schema'] === undefined) return []
  let value: unknown
  try {
    value = JSON.parse(answer.body)
  } catch {
    return ['its body is not JSON']
  }
  const fault = validators.body(`${pointer}/content/${escapedPointer(type)}/schema`, value)
  return fault === null ? [] : [fault]
}

function headerDifferences(response: Node, pointer: string, answer: CallAnswer, context: Context): string[] {
  return Object.entries(nodeOf(response['headers'])).flatMap(([name, given]) => {
    if (name.toLowerCase() === 'content-type') return []
    const header = context.deref(given)
    const value = answer.headers[name.toLowerCase()]
    if (value === undefined) return header['required'] === true ? [`the header ${name} is missing`] : []
    const ref = nodeOf(given)['$ref']
    const at = typeof ref === 'string' ? ref : `${pointer}/headers/${escapedPointer(name)}`
    const fault = header['schema'] === undefined ? null : context.validators.header(`${at}/schema`, value)
    return fault === null ? [] : [`the header ${name} does not fit: ${fault}`]
  })
}

/** `application/*` and `text/html; charset=utf-8` are media types, too. */
function fitsType(stated: string, given: string): boolean {
  const [type = '', inner = ''] = stated.split(';')[0]!.trim().toLowerCase().split('/')
  const [ownType, ownInner] = given.split('/')
  return (type === '*' || type === ownType) && (inner === '*' || inner === ownInner)
}

function said({ status, body }: CallAnswer): string {
  // What differs from run to run says nothing, and equal projects have equal reports.
  const text = oneLine(body.replaceAll(CHANGING, '…'), 160)
  return text === '' ? String(status) : `${status} (${text})`
}

/** Ids and times. */
const CHANGING = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\d{4}-\d\d-\d\dT[\d:.]+Z/gi
