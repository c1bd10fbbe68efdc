import { z } from 'zod'
import { Blueprint } from './blueprint.ts'
import { Changes } from './changes.ts'

/** A file as it was handed over; `path` is relative to the project, with `/`. */
export const SourceFile = z.object({ path: z.string(), content: z.string() })
export type SourceFile = z.infer<typeof SourceFile>

/** One version in the story of a backend: what was asked for, and what came of it. */
export const VersionEntry = z.object({
  version: z.int().min(1),
  prompt: z.string(),
  /** ISO 8601; when it was asked for. */
  at: z.string(),
  /** Null for the first one. */
  changes: Changes.omit({ files: true, reused: true }).nullable(),
})
export type VersionEntry = z.infer<typeof VersionEntry>

/** What the next version of a backend is made from: kept when a job is completed, beside its archive. */
export const JobSource = z.object({
  /** As it was rendered: linted. */
  blueprint: Blueprint,
  /** The code that a model wrote for operations, by their ids. */
  handlers: z.record(z.string(), z.string()),
  /** Every migration that was handed over, in their order. A database may have run them, so they never change. */
  migrations: z.array(SourceFile),
  /** The SHA-256 of every file, by its path. */
  files: z.record(z.string(), z.string()).default({}),
  /** The versions up to this one, the oldest first. */
  history: z.array(VersionEntry).default([]),
})
export type JobSource = z.infer<typeof JobSource>
