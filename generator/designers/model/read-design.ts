import { Blueprint } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import type { Design, Intent } from '../designer.ts'
import { toBlueprint } from './decode-llm.ts'
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

/** Parses a model's JSON into a design: checks the schema, the contract, the linter and the settings, in that order. */
export function readDesign(value: unknown, { options }: Pick<Intent, 'options'>): Reading {
  const llm = LlmBlueprint.safeParse(value)
  if (!llm.success) return { kind: 'faulty', faults: llm.error.issues.map(describeIssue) }
  const { entities, operations, schedules } = llm.data
  if ([entities, operations, schedules].every(({ length }) => length === 0)) return { kind: 'empty' }

  const { candidate, dropped } = toBlueprint(llm.data)
  const parsed = Blueprint.safeParse(candidate)
  if (!parsed.success) return { kind: 'faulty', faults: parsed.error.issues.map(describeIssue) }

  const { blueprint, diagnostics } = lintBlueprint(parsed.data)
  const faults: DesignIssue[] = diagnostics.filter(({ severity }) => severity === 'error')
  if (options.auth !== undefined && blueprint.auth.kind !== options.auth) faults.push(authFault(options.auth))
  if (faults.length > 0) return { kind: 'faulty', faults }

  const name = options.name === undefined ? null : toKebab(options.name)
  return {
    kind: 'sound',
    design: {
      blueprint: name === null ? blueprint : { ...blueprint, name },
      assumptions: readable(llm.data.assumptions),
      notUnderstood: readable([...llm.data.notUnderstood, ...dropped]),
    },
  }
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

/** Lines for a report: not empty, not too long, no duplicates. */
export function readable(lines: readonly string[]): string[] {
  const cleaned = lines.map((line) => line.trim().slice(0, 500)).filter((line) => line !== '')
  return [...new Set(cleaned)].slice(0, 50)
}
