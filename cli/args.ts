import { GenerateOptions, JobId, PlanMode } from '#contract'
import { readOptions, UsageError } from '#lib/read-options'

export const HELP = `Usage: npm run generate -- "<what to build>" [options]

Generates a backend from a description, verifies that it installs, type-checks, boots and passes its tests,
and saves it as a zip.

Options:
  --out <folder>       output folder of the zip (default: current folder)
  --name <name>        project name (default: taken from the description)
  --auth <how>         authentication: none, jwt or apiKey (default: taken from the description)
  --refine <job>       create the next version of a job's backend; describe what to change
  --spec <file>        document to build from: OpenAPI, SQL, Prisma, Postman, GraphQL, JSON Schema; again for each file
                       that it refers to
  --designer <kind>    auto, offline or openai (default: auto, which is openai if a key is set)
  --plan               show the plan first, and wait for your decision
  --api <url>          use a running API (default: the local one, or one started for this run)
  --help               show this help

Exit codes: 0 success, 1 failure, 2 invalid usage, 3 waiting for a decision on the plan, 130 cancelled.

Example:
  npm run generate -- "Create a REST API for a todo app with CRUD operations" --out .
  npm run generate -- "a shop with orders" --plan
  npm run generate -- --refine 01jd8q4x7zk3m5n9p2r6s8t0vw "add tags to todos"`

export type Arguments =
  | { readonly help: true }
  | {
      readonly help: false
      readonly prompt: string
      readonly out: string
      readonly api: string | null
      /** The document, and the files that it refers to. */
      readonly specFiles: readonly string[]
      /** The job to refine. */
      readonly refine: JobId | null
      readonly options: GenerateOptions
    }

/** Parses the arguments after `npm run generate --`. Throws a `UsageError`. */
export function readArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parse(words)
  if (values.help) return { help: true }
  const prompt = positionals.join(' ').trim()
  if (prompt === '') throw new UsageError(`Say what to build, in quotation marks.\n\n${HELP}`)
  if (values.plan === true && positionals.length > 1 && PlanMode.safeParse(positionals[0]).success)
    throw new UsageError(
      `--plan takes no value, but "${positionals[0]}" follows it. It always shows the plan first.\nSee --help.`,
    )
  const options = GenerateOptions.safeParse({
    ...(values.name !== undefined && { name: values.name }),
    ...(values.auth !== undefined && { auth: values.auth }),
    ...(values.designer !== undefined && { designer: values.designer }),
    ...(values.plan === true && { plan: 'always' }),
  })
  if (!options.success) {
    const lines = options.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`)
    throw new UsageError(`${lines.join('\n')}\nSee --help.`)
  }
  return {
    help: false,
    prompt,
    out: values.out ?? '.',
    api: values.api ?? null,
    specFiles: values.spec ?? [],
    refine: refinedJob(values),
    options: options.data,
  }
}

function refinedJob(values: ReturnType<typeof parse>['values']): JobId | null {
  if (values.refine === undefined) return null
  const refused = (['name', 'auth', 'spec'] as const).find((name) => values[name] !== undefined)
  if (refused !== undefined)
    throw new UsageError(
      `--${refused} cannot be combined with --refine: describe the change in the prompt instead.\nSee --help.`,
    )
  const jobId = JobId.safeParse(values.refine.split('/').at(-1))
  if (jobId.success) return jobId.data
  throw new UsageError('--refine requires the ID of a completed job, such as 01jd8q4x7zk3m5n9p2r6s8t0vw.')
}

function parse(words: readonly string[]) {
  return readOptions(words, {
    out: { type: 'string' },
    name: { type: 'string' },
    auth: { type: 'string' },
    spec: { type: 'string', multiple: true },
    refine: { type: 'string' },
    designer: { type: 'string' },
    plan: { type: 'boolean' },
    api: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
}
