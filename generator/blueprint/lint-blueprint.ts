import type { Blueprint } from '#contract'
import { lintAuth } from './lint/auth.ts'
import { lintConfig } from './lint/config-values.ts'
import { lintEmpty } from './lint/empty.ts'
import { makeReport, type Diagnostic } from './lint/diagnostic.ts'
import { lintUnsatisfiable } from './lint/unsatisfiable.ts'
import { lintFieldRoles } from './lint/field-roles.ts'
import { lintFields } from './lint/fields.ts'
import { lintForeignKeys } from './lint/foreign-keys.ts'
import { lintHelpers } from './lint/helpers.ts'
import { lintIndexes } from './lint/indexes.ts'
import { lintNames } from './lint/names.ts'
import { lintOperations } from './lint/operations.ts'
import { lintPaths } from './lint/paths.ts'
import { lintPatterns } from './lint/patterns.ts'
import { dropUnusedPolicies, lintLinkRoles, lintPolicies } from './lint/policies.ts'
import { lintRelations } from './lint/relations.ts'
import { lintRelationCardinality } from './lint/cardinality.ts'
import { lintRows } from './lint/rows.ts'
import { lintSeeds } from './lint/seeds.ts'
import { lintSchedules } from './lint/schedules.ts'
import { lintTables } from './lint/tables.ts'
import { lintServices } from './lint/services.ts'
import { lintSecrets } from './lint/secrets.ts'

export type { Diagnostic } from './lint/diagnostic.ts'

/**
 * Finds what the Blueprint's schema cannot check: name collisions, dangling relations,
 * values of the wrong type. A problem with one safe fix is fixed (`fixed`) in the returned
 * Blueprint; the rest is an `error` and needs a decision. The input is not changed.
 * A Blueprint without errors renders, and linting it again changes nothing.
 */
export function lintBlueprint(blueprint: Blueprint): { blueprint: Blueprint; diagnostics: Diagnostic[] } {
  const copy = structuredClone(blueprint)
  const report = makeReport()
  lintEmpty(copy, report)
  // Accounts and relations first: they add and remove fields that later rules check.
  lintNames(copy, report)
  lintTables(copy, report)
  lintPolicies(copy, report)
  lintAuth(copy, report)
  dropUnusedPolicies(copy, report)
  lintSecrets(copy, report)
  lintRelations(copy, report)
  lintLinkRoles(copy, report)
  lintRows(copy, report)
  lintPatterns(copy, report)
  lintFields(copy, report)
  lintFieldRoles(copy, report)
  lintIndexes(copy, report)
  lintForeignKeys(copy, report)
  lintRelationCardinality(copy, report)
  lintPaths(copy, report)
  lintServices(copy, report)
  lintConfig(copy, report)
  lintSeeds(copy, report)
  lintOperations(copy, report)
  lintUnsatisfiable(copy, report)
  lintSchedules(copy, report)
  lintHelpers(copy, report)
  return { blueprint: copy, diagnostics: report.diagnostics }
}
