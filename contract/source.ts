import { z } from 'zod'
import { Blueprint } from './blueprint.ts'
import { Changes } from './changes.ts'

/** A generated file; `path` is relative to the project, with `/`. */
export const SourceFile = z.object({ path: z.string(), content: z.string() })
export type SourceFile = z.infer<typeof SourceFile>

/** One version in the history of a backend: the prompt and the changes. */
export const VersionEntry = z.object({
  version: z.int().min(1),
  prompt: z.string(),
  /** Time of the request, ISO 8601. */
  at: z.string(),
  /** Null for the first one. */
  changes: Changes.omit({ files: true, reused: true }).nullable(),
})
export type VersionEntry = z.infer<typeof VersionEntry>

/** The source for the next version of a backend; stored with the archive of a completed job. */
export const JobSource = z.object({
  /** As rendered, after linting. */
  blueprint: Blueprint,
  /** Model-written handlers, by operation id. */
  handlers: z.record(z.string(), z.string()),
  /** All released migrations, in order. Databases may have run them, so they never change. */
  migrations: z.array(SourceFile),
  /** SHA-256 of every file, by path. */
  files: z.record(z.string(), z.string()).default({}),
  /** The versions up to this one, oldest first. */
  history: z.array(VersionEntry).default([]),
})
export type JobSource = z.infer<typeof JobSource>
