import { readScopes } from '../../code-check/scope.ts'
import { readSource, type Source } from '../../code-check/source.ts'
import {
  changedArithmetic,
  changedCalls,
  droppedOperands,
  movedBoundaries,
  negatedTests,
  turnedComparisons,
  turnedOrder,
} from './conditions.ts'
import type { Change, FileContext, Mutant, Operator } from './mutant.ts'
import { isTelling } from './places.ts'
import { changedRefusals, changedStatuses, removedGuards, removedRefusals } from './refusals.ts'
import { changedValues, droppedConditions, removedWrites } from './writes.ts'

/** The most telling first: where there are more mutants than time, these are tried. */
const OPERATORS: readonly Operator[] = [
  removedWrites,
  removedRefusals,
  removedGuards,
  droppedConditions,
  changedRefusals,
  changedStatuses,
  droppedOperands,
  turnedComparisons,
  changedValues,
  negatedTests,
  changedCalls,
  changedArithmetic,
  turnedOrder,
  movedBoundaries,
]

/** Of one file. */
const MOST_MUTANTS = 40

/**
 * The file with one deliberate fault each, in a fixed order. Types are not kept: what runs a mutant strips them. None for
 * a file that does not parse. Pure.
 */
export function mutantsOf(text: string, most = MOST_MUTANTS): Mutant[] {
  const source = readSource(text)
  if ('message' in source) return []
  const scopes = readScopes(source.program)
  const file: FileContext = {
    scopes,
    textOf: ({ start, end }) => text.slice(start, end),
    usesOf: (declared) => {
      const name = scopes.nameOf(declared)
      return source.places.filter(
        ({ node }) => node !== declared && node.type === 'Identifier' && scopes.nameOf(node) === name,
      )
    },
  }
  const places = source.places.filter(isTelling)
  const found = new Map<string, Mutant>()
  for (const operator of OPERATORS) {
    for (const place of places) {
      for (const change of operator(place, file)) {
        if (found.size === most) return [...found.values()]
        const mutated = `${text.slice(0, change.from)}${change.text}${text.slice(change.to)}`
        if (mutated === text || found.has(mutated) || 'message' in readSource(mutated)) continue
        found.set(mutated, describe(change, mutated, source))
      }
    }
  }
  return [...found.values()]
}

function describe({ from, description }: Change, mutated: string, { lineOf }: Source): Mutant {
  const line = lineOf({ start: from })
  return { line, description: `line ${line}: ${description}`, source: mutated }
}
