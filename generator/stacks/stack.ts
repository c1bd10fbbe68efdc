import type { Server } from 'node:http'
import type { Blueprint, OperationExample, SourceFile } from '#contract'
import type { Renames } from '../blueprint/renames.ts'
import type { ProjectFile } from '../ports.ts'

/**
 * What turns a Blueprint into a project: everything that the generator knows of a framework. The generator owns this
 * interface; a stack implements it in a folder of its own, and only the registry names that folder.
 */
export type Stack = {
  readonly name: string
  /** Its fixed files and pinned dependencies. `ensureKit` installs them there. */
  readonly kitDirectory: string
  /** The versions of Node that a project runs on, as in `engines`. */
  readonly nodeEngines: string
  readonly layout: ProjectLayout
  /** The variables without which a project does not start in production, with a value that stands in for each. */
  requiredEnvironment(blueprint: Pick<Blueprint, 'config'>): Record<string, string>
  /** The environment in which the gates run a project. */
  verifyEnvironment(input: VerifyEnvironmentInput): Record<string, string>
  /** How the tests of a project are repeated from outside of its process. */
  readonly replay: ReplaySupport
  /** Every file of the project, not formatted yet and in no order. Pure but for the kit's own files. */
  render(blueprint: Blueprint, options: RenderOptions): Promise<ProjectFile[]>
  /** A specification for everything that a Blueprint leaves to be written, out of the files that were rendered from it. */
  handlerSpecs(blueprint: Blueprint, files: readonly ProjectFile[]): HandlerSpec[]
  /**
   * The instructions for a model that writes a handler of a kind. `codeRules` says what the code check refuses. The same text each
   * time, so that services can cache it; nothing of a person's words belongs in it.
   */
  handlerInstructions(kind: HandlerSpec['kind'], codeRules: string): string
  /** Takes the database of one version to the next, and keeps its rows. Throws where it cannot. */
  upgrade(input: UpgradeInput): Upgrade
}

/** Where a stack keeps what the generator looks at. */
export type ProjectLayout = {
  /** Starting this file starts the service. */
  readonly entry: string
  readonly tsconfig: string
  /** Paths that must answer 200 as soon as it listens. */
  readonly probes: readonly string[]
  /** Where it serves its OpenAPI document. */
  readonly openapi: string
  /** A glob of test files for node:test. */
  readonly tests: string
  /** The folder of its migrations, with a slash at the end. */
  readonly migrations: string
}

export type VerifyEnvironmentInput = {
  /** A folder that the run may write to. */
  readonly scratch: string
  /** The key that the tests use where a project takes API keys. */
  readonly apiKey: string
}

/** What the judge of a run must know to repeat a project's tests against the service that runs. */
export type ReplaySupport = {
  /** The paths of the project's tests. */
  readonly tests: RegExp
  /** What a test may import to be repeated. */
  readonly imports: RegExp
  /** The module by which tests reach the service: a path in the project, imported by each test that is repeated. */
  readonly server: string
  /** Names and properties by which a test reaches into the process instead, so that it cannot be repeated. */
  readonly inProcess: { readonly names: readonly string[]; readonly properties: readonly string[] }
  /**
   * The source of what stands in for `server`. It finds a `JudgedService` on `globalThis`, under `Symbol.for('judged')`, and the
   * environment of the run. It opens the data of the service, waits for `begun` while it is loaded, and empties the data and
   * signs in for each test.
   */
  remoteServer(): string
}

/** The service that runs, as its judge knows it. */
export type JudgedService = {
  readonly port: number
  /** Where the requests to the services that a project calls arrive. */
  readonly stub: Server | null
  /** See `VerifyEnvironmentInput`. */
  readonly apiKey: string
  /** Resolves once tests may start. */
  readonly begun: Promise<void>
}

export type RenderOptions = {
  /** The code of custom operations and tasks that is written, by their ids; the others are stubs. */
  readonly handlers: Readonly<Record<string, string>>
  /** Every migration, in place of those that make the tables from nothing. */
  readonly migrations?: readonly SourceFile[] | undefined
  /** Further files. */
  readonly extra: readonly SourceFile[]
}

/** Everything that is needed to write one custom operation or scheduled task, and nothing else. */
export type HandlerSpec = {
  readonly kind: 'operation' | 'task'
  readonly id: string
  /** `POST /todos/:id/complete`, `scheduled task sendDigest`. */
  readonly title: string
  /** When a task runs, in words. */
  readonly when?: string
  readonly functionName: string
  /** The file that is to be written, and the test that is not. */
  readonly path: string
  readonly testPath: string
  /** What it may import. */
  readonly imports: readonly string[]
  readonly summary: string
  /** What the person said who attached the document that it is in. */
  readonly request?: string
  readonly rules: readonly string[]
  readonly refusals: readonly { readonly status: number; readonly code: string; readonly when: string }[]
  readonly examples: readonly OperationExample[]
  /** Source text, by the path of its file: types to use. */
  readonly types: readonly { readonly path: string; readonly content: string }[]
  /** The repositories it may need, one a line. */
  readonly repositories: readonly string[]
  /** What the service is configured with: the properties of `context.config`. */
  readonly config: readonly {
    readonly variable: string
    readonly property: string
    readonly type: string
    readonly what: string
  }[]
  /** The signature to keep. */
  readonly signature: string
}

export type UpgradeInput = {
  readonly before: Blueprint
  readonly after: Blueprint
  readonly renames: Renames
  /** All migrations of the version before. */
  readonly migrations: readonly SourceFile[]
  /** The number of the version before. */
  readonly version: number
  /** What the migration is called after its number: `add_comments`. */
  readonly title: string
}

export type Upgrade = {
  /** Null where the database stays as it is. */
  readonly migration: SourceFile | null
  /** Tests that the upgrade keeps the rows. */
  readonly tests: readonly SourceFile[]
  /** What rows lose for good. */
  readonly dataLoss: readonly string[]
  /** What rows get that they did not have. */
  readonly filled: readonly string[]
  /** What must hold of the rows that are there, or the migration stops and changes nothing. */
  readonly conditions: readonly string[]
}
