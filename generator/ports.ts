import type { Blueprint, GateReport, Report, SourceFile } from '#contract'
import type { ConformancePlan } from './verify/conformance/plan.ts'

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
 * the code of custom operations by ID; operations without one are stubs that return 501.
 */
export type RenderProject = (
  blueprint: Blueprint,
  options?: {
    readonly handlers?: Readonly<Record<string, string>>
    /** All migrations, in place of those of a new database. */
    readonly migrations?: readonly SourceFile[]
    /** Further files. */
    readonly extra?: readonly SourceFile[]
    /** Rejects with its reason on abort, if the work can be stopped. */
    readonly signal?: AbortSignal
  },
) => Promise<ProjectFile[]>

/** Runs every gate over a project. A project that fails is a report with `passed: false`, not an error. */
export type VerifyProject = (input: {
  readonly files: readonly ProjectFile[]
  /** Environment variables that this project requires, besides those of every project. */
  readonly environment?: Readonly<Record<string, string>>
  /** Variables with the URL of a service that it calls; each gets a stand-in. */
  readonly services?: readonly string[]
  /** The calls that compare it with an attached document; null without one. */
  readonly plan?: ConformancePlan | null
  readonly signal: AbortSignal
  readonly onProgress?: (detail: string) => void
}) => Promise<GateReport>

/** A function that a model wrote, and the test files that should notice a fault in it. */
export type MutationTarget = {
  readonly path: string
  readonly testPaths: readonly string[]
  readonly functionName: string
}

/** What became of the faults in one target. */
export type MutationResult = MutationTarget & {
  /** Faults that a test noticed, of those that were tried. */
  readonly killed: number
  readonly all: number
  /** The others, such as `line 12: no row of orders is stored`. */
  readonly survivors: readonly string[]
  /** Faults that there was no time for. */
  readonly untried: number
  /** Tests that fail without any fault. */
  readonly failing: readonly string[]
}

/**
 * Tries deliberate faults in what a model wrote, each against the tests of its own function. Resolves with a result for each
 * target, or with null where project code may not run. The figures come from processes that run the model's code, which
 * could forge them: they say nothing of whether the project works.
 */
export type MeasureMutants = (input: {
  readonly files: readonly ProjectFile[]
  readonly targets: readonly MutationTarget[]
  readonly environment?: Readonly<Record<string, string>>
  /** Variables with the URL of a service; nothing listens there. */
  readonly services?: readonly string[]
  /** Milliseconds for all of it; what is not tried by then is not tried. */
  readonly budgetMs: number
  readonly signal: AbortSignal
  readonly onProgress?: (detail: string) => void
}) => Promise<readonly MutationResult[] | null>

/** Builds the archive in memory. Equal input gives equal bytes. */
export type PackProject = (input: {
  readonly name: string
  readonly files: readonly ProjectFile[]
  readonly report: Report
}) => Promise<{ readonly filename: string; readonly bytes: Uint8Array; readonly files: string[] }>
