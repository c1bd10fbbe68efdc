import { Blueprint } from '#contract'
import { lintBlueprint, type Diagnostic } from '../../blueprint/lint-blueprint.ts'
import type { Design, Intent } from '../designer.ts'
import { toBlueprint } from './decode-llm.ts'
import { decodeQuestions } from './decode-questions.ts'
import { dropInvalidExamples } from './drop-invalid-examples.ts'
import { LlmBlueprint } from './llm-schema.ts'
import { toKebab } from '../../blueprint/words.ts'

/** A problem that keeps a design from being built, for the model that made it. */
export type DesignIssue = {
  readonly path: string
  readonly what: string
  readonly why: string
  readonly fix: string
}
export type Reading =
  | { readonly kind: 'sound'; readonly design: Omit<Design, 'ledger' | 'model'> }
  | { readonly kind: 'faulty'; readonly faults: readonly DesignIssue[] }
  | { readonly kind: 'empty' }

/**
 * Parses a model's JSON into a design: checks the schema, the contract, the linter and the settings, in that order. What a
 * final answer loses is listed in the design; of another one it is a fault, so that the model can correct it.
 */
export function readDesign(value: unknown, { options }: Pick<Intent, 'options'>, isFinal = true): Reading {
  const llm = LlmBlueprint.safeParse(value)
  if (!llm.success) return { kind: 'faulty', faults: llm.error.issues.map(describeIssue) }
  const { entities, operations, schedules } = llm.data
  if (entities.length > MAX_ENTITIES) return { kind: 'faulty', faults: [tooMany(entities.length)] }
  if ([entities, operations, schedules].every(({ length }) => length === 0)) return { kind: 'empty' }

  const { candidate, dropped, unread } = toBlueprint(llm.data)
  const sound = isFinal ? dropInvalidExamples(candidate) : { candidate, dropped: [] }
  const parsed = Blueprint.safeParse(sound.candidate)
  if (!parsed.success) return { kind: 'faulty', faults: parsed.error.issues.map(describeIssue) }

  const { blueprint, diagnostics } = lintBlueprint(parsed.data)
  const faults = faultsOf(diagnostics, unread, isFinal)
  if (options.auth !== undefined && blueprint.auth.kind !== options.auth) faults.push(authFault(options.auth))
  if (faults.length > 0) return { kind: 'faulty', faults }

  const questions = decodeQuestions(llm.data.questions)
  const name = options.name === undefined ? null : toKebab(options.name)
  return {
    kind: 'sound',
    design: {
      blueprint: name === null ? blueprint : { ...blueprint, name },
      assumptions: readable([...llm.data.assumptions, ...sound.dropped, ...fixesOf(diagnostics)]),
      notUnderstood: readable([...llm.data.notUnderstood, ...dropped, ...unread]),
      ...(questions.length > 0 && { questions }),
    },
  }
}

/** More than one service has. Documents have a limit of their own, since their tables exist already. */
export const MAX_ENTITIES = 120

export const tooMany = (count: number): DesignIssue => ({
  path: 'entities',
  what: `There are ${count} entities, and at most ${MAX_ENTITIES} are built.`,
  why: 'One service with more could not be verified in its time.',
  fix: 'Keep the entities that the request is about, and name the others in notUnderstood.',
})

/** What the linter fixed, as sentences. */
export const fixesOf = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.flatMap(({ severity, what, fix }) => (severity === 'fixed' ? [`${what} ${fix}`] : []))

/** The faults of an answer; unless it is final, also what its fixes would lose. */
export function faultsOf(
  diagnostics: readonly Diagnostic[],
  unread: readonly string[],
  isFinal: boolean,
): DesignIssue[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (isFinal) return errors
  return [
    ...errors,
    ...diagnostics.flatMap(({ instead, ...one }) =>
      instead === undefined ? [] : [{ ...one, fix: instead }],
    ),
    ...unread.map((what) => ({
      path: '',
      what,
      why: 'Values of any form are the text of their JSON.',
      fix: 'Write them as JSON in a text.',
    })),
  ]
}

export function describeIssue({ path, message }: { path: PropertyKey[]; message: string }): DesignIssue {
  return {
    path: path.map(String).join('.'),
    what: `${message.replace(/\.?$/, '')}.`,
    why: 'The value is outside of what a design can say.',
    fix: 'Give a value that fits the instructions, or leave the rule out and name it in notUnderstood.',
  }
}

function authFault(wanted: 'none' | 'jwt' | 'apiKey'): DesignIssue {
  const why = 'The settings from the service say otherwise, and they win over the request.'
  if (wanted === 'apiKey')
    return {
      path: 'apiKeys',
      what: 'Requests with API keys have no account.',
      why,
      fix: 'Set apiKeys to true, accountEntity and every owner to null, and no access to owner.',
    }
  return {
    path: 'accountEntity',
    what: wanted === 'jwt' ? 'accountEntity is null.' : 'accountEntity is set, or apiKeys is true.',
    why,
    fix:
      wanted === 'jwt'
        ? 'Name the entity whose rows sign in, and give it a required and unique email.'
        : 'Set accountEntity to null, apiKeys to false, every access to public and every owner to null.',
  }
}

const MAX_LINES = 50

/** Lines for a report: not empty, not too long, no duplicates. */
export function readable(lines: readonly string[]): string[] {
  const cleaned = new Set(lines.map((line) => line.trim().slice(0, 500)).filter((line) => line !== ''))
  if (cleaned.size <= MAX_LINES) return [...cleaned]
  return [...[...cleaned].slice(0, MAX_LINES - 1), `And ${cleaned.size - MAX_LINES + 1} more.`]
}
