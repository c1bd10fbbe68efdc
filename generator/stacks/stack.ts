import type { Server } from 'node:http'
import type { Blueprint, OperationExample, SourceFile, TaskExample } from '#contract'
import type { Renames } from '../blueprint/renames.ts'
import type { ProjectFile } from '../ports.ts'

/**
 * Turns a Blueprint into a project: everything that the generator knows about a framework. The generator owns this
 * interface; a stack implements it in its own folder, which only the registry imports.
 */
export type Stack = {
  readonly name: string
  /** Its fixed files and pinned dependencies. `ensureKit` installs them there. */
  readonly kitDirectory: string
  /** The versions of Node that a project runs on, as in `engines`. */
  readonly nodeEngines: string
  readonly layout: ProjectLayout
  /** The variables required in production, each with a placeholder; a secret is random. */
  requiredEnvironment(blueprint: Pick<Blueprint, 'config'>): Record<string, string>
  /** The environment in which the gates run a project. */
  verifyEnvironment(input: VerifyEnvironmentInput): Record<string, string>
  /** How the tests of a project are replayed from outside its process. */
  readonly replay: ReplaySupport
  /** Every file of the project, unformatted and unordered. Pure except for reading the kit's files. */
  render(blueprint: Blueprint, options: RenderOptions): Promise<ProjectFile[]>
  /** Handler specifications of custom operations, tasks and shared helpers, from the rendered files. */
  handlerSpecs(blueprint: Blueprint, files: readonly ProjectFile[]): HandlerSpec[]
  /**
   * The instructions for a model that writes a handler of a kind. `codeRules` says what the code check rejects. A constant text,
   * so that services can cache it; it contains no user input.
   */
  handlerInstructions(kind: HandlerSpec['kind'], codeRules: string): string
  /** Migrates the database of one version to the next and keeps its rows. Throws if it cannot. */
  upgrade(input: UpgradeInput): Upgrade
}

/** The files and paths of a project that the generator uses. */
export type ProjectLayout = {
  /** Starting this file starts the service. */
  readonly entry: string
  readonly tsconfig: string
  /** Paths that must return 200 once it listens. */
  readonly probes: readonly string[]
  /** The path of its OpenAPI document. */
  readonly openapi: string
  /** A glob of test files for node:test. */
  readonly tests: string
  /** The folder of its migrations, with a slash at the end. */
  readonly migrations: string
}

export type VerifyEnvironmentInput = {
  /** A writable folder. */
  readonly scratch: string
  /** The API key that the tests use. */
  readonly apiKey: string
}

/** How to replay a project's tests against the running service. */
export type ReplaySupport = {
  /** The paths of the project's tests. */
  readonly tests: RegExp
  /** Modules that a replayed test may import. */
  readonly imports: RegExp
  /** The module through which tests reach the service, imported by each replayed test. */
  readonly server: string
  /** Names and properties by which a test uses the process directly, so that it cannot be replayed. */
  readonly inProcess: { readonly names: readonly string[]; readonly properties: readonly string[] }
  /**
   * The source that replaces `server`. It finds a `JudgedService` on `globalThis`, under `Symbol.for('judged')`, and the
   * environment of the run. It opens the data of the service, waits for `begun` while it is loaded, and empties the data and
   * signs in for each test.
   */
  remoteServer(): string
}

/** The running service, for the replay. */
export type JudgedService = {
  readonly port: number
  /** Where requests to external services arrive. */
  readonly stub: Server | null
  /** See `VerifyEnvironmentInput`. */
  readonly apiKey: string
  /** Resolves once tests may start. */
  readonly begun: Promise<void>
}

export type RenderOptions = {
  /** The code of implemented custom operations and tasks, by id, and of helpers; other operations and tasks are stubs. */
  readonly handlers: Readonly<Record<string, string>>
  /** All migrations, instead of those that create the tables. */
  readonly migrations?: readonly SourceFile[] | undefined
  /** Additional files. */
  readonly extra: readonly SourceFile[]
}

/** Everything needed to write one custom operation, scheduled task or shared helper. */
export type HandlerSpec = {
  readonly kind: 'operation' | 'task' | 'helper'
  readonly id: string
  /** `POST /todos/:id/complete`, `scheduled task sendDigest`, `shared helper priceOrder`. */
  readonly title: string
  /** When a task runs, in words. */
  readonly when?: string
  readonly functionName: string
  /** The file to write, and its fixed tests; of a helper, those of what uses it. */
  readonly path: string
  readonly testPaths: readonly string[]
  /** The shared helpers that it calls. */
  readonly helpers?: readonly HelperFile[]
  /** Of a helper: what uses it. */
  readonly users?: readonly HelperUser[]
  /** Allowed imports. */
  readonly imports: readonly string[]
  readonly summary: string
  /** The prompt that came with the attached document. */
  readonly request?: string
  readonly rules: readonly string[]
  readonly refusals: readonly { readonly status: number; readonly code: string; readonly when: string }[]
  readonly examples: readonly (OperationExample | TaskExample)[]
  /** Source text, by the path of its file: types to use. */
  readonly types: readonly { readonly path: string; readonly content: string }[]
  /** The repositories it may need, with their types. */
  readonly repositories: readonly string[]
  /** The configuration: properties of `context.config`. */
  readonly config: readonly {
    readonly variable: string
    readonly property: string
    readonly type: string
    readonly what: string
  }[]
  /** The signature to keep; of a helper, its name alone. */
  readonly signature: string
}

/** A shared helper, for what uses it. */
export type HelperFile = Pick<HandlerSpec, 'id' | 'title' | 'path'>
/** An operation or task, for a helper that it uses. */
export type HelperUser = Pick<
  HandlerSpec,
  'id' | 'title' | 'path' | 'testPaths' | 'helpers' | 'summary' | 'rules'
>

export type UpgradeInput = {
  readonly before: Blueprint
  readonly after: Blueprint
  readonly renames: Renames
  /** All migrations of the previous version. */
  readonly migrations: readonly SourceFile[]
  /** The number of the previous version. */
  readonly version: number
  /** The migration's name after its number: `add_comments`. */
  readonly title: string
}

export type Upgrade = {
  /** Null if the database does not change. */
  readonly migration: SourceFile | null
  /** Tests that the upgrade keeps the rows. */
  readonly tests: readonly SourceFile[]
  /** Permanently lost data. */
  readonly dataLoss: readonly string[]
  /** Values added to existing rows. */
  readonly filled: readonly string[]
  /** Conditions on existing rows; otherwise the migration stops without changes. */
  readonly conditions: readonly string[]
}
