import type { DatabaseSync } from 'node:sqlite'
import type { ProjectModel } from '../model.ts'
import type { TablePlan } from './correspondence.ts'
import type { Schema } from './database-schema.ts'

export type Notes = { readonly [List in 'dataLoss' | 'filled' | 'conditions']: string[] }
export type Run = (sql: string) => void

export type Change = {
  readonly plan: TablePlan
  readonly before: ProjectModel
  readonly after: ProjectModel
  readonly database: DatabaseSync
  readonly wanted: Schema
  readonly notes: Notes
  /** Columns that may refer to rows that do not exist yet: `tasks.project_id`. */
  readonly made: Set<string>
  readonly run: Run
}
