import type { Blueprint, GateReport, Report, SourceFile } from '#contract'

/** One file of a generated project, complete and formatted. */
export type ProjectFile = {
  /** Relative, with `/`; checked by the packer. */
  readonly path: string
  readonly content: string
  /** `model` marks the only files that a repair may change. */
  readonly origin: 'kit' | 'template' | 'model'
  readonly executable?: boolean
}

/**
 * Turns a linted Blueprint into every file of a working project. Equal Blueprints give equal bytes. `handlers` has
 * the code of custom operations that somebody wrote, by their ids; the others are stubs that answer 501.
 */
export type RenderProject = (
  blueprint: Blueprint,
  options?: {
    readonly handlers?: Readonly<Record<string, string>>
    /** Every migration, in place of those that make the tables from nothing. */
    readonly migrations?: readonly SourceFile[]
    /** Further files. */
    readonly extra?: readonly SourceFile[]
    /** Rejects with its reason once it is aborted, where the work can be ended. */
    readonly signal?: AbortSignal
  },
) => Promise<ProjectFile[]>

/** Runs every gate over a project. A project that fails is a report with `passed: false`, not an error. */
export type VerifyProject = (input: {
  readonly files: readonly ProjectFile[]
  /** What whoever runs the project has to set, beside what every project reads. */
  readonly environment?: Readonly<Record<string, string>>
  /** Which variables hold the address of a service that it calls: something stands in for it. */
  readonly services?: readonly string[]
  readonly signal: AbortSignal
  readonly onProgress?: (detail: string) => void
}) => Promise<GateReport>

/** Makes the archive, from memory. Equal input gives equal bytes. */
export type PackProject = (input: {
  readonly name: string
  readonly files: readonly ProjectFile[]
  readonly report: Report
}) => Promise<{ readonly filename: string; readonly bytes: Uint8Array; readonly files: string[] }>
