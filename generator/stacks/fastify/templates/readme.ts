// Longer than most files: one document, section by section.
import { oneLine } from '../../../codegen/encode/text.ts'
import { describeSchedule } from '#contract'
import { markdownCode, markdownText } from '../../../codegen/encode/markdown.ts'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, type Link, type Property, type Resource } from '../resource.ts'
import { handlerPath } from '../custom-operations.ts'
import { projectKind } from '../field-kinds.ts'
import type { Guard } from '../guard.ts'
import { seedsOf } from '../seed-rows.ts'
import { taskPath } from '../tasks.ts'
import { linkGuards, mayForbid } from './routes.ts'
import { hasSeedAccounts } from './seeds.ts'

/** `README.md` of the generated project. */
export function readmeFile(model: ProjectModel): string {
  const sections = [
    `# ${markdownText(model.title)}`,
    markdownText(model.description),
    running(model),
    `## Routes\n\n${routes(model)}`,
    conventions(model),
    scheduled(model),
    called(model),
    unwritten(model),
    `## Data\n\n${model.resources.map((resource) => entity(resource, model.links)).join('\n\n')}`,
    configuration(model),
    development(model),
    docker(model),
    layout(model),
  ]
  return `${sections.filter(Boolean).join('\n\n')}\n`
}

function running(model: ProjectModel): string {
  const { auth, seeds } = model
  const rows = seeds.length > 0 ? countsOf(model) : 'sample rows'
  return `## Run it

With [Node](https://nodejs.org) 24.12 or newer:

\`\`\`sh
npm ci
npm run seed   # ${rows}; optional, can be repeated
npm start
\`\`\`

It listens on <http://127.0.0.1:3000>. The interactive documentation is at
<http://127.0.0.1:3000/docs>, the OpenAPI 3.1 document at \`/docs/json\`. \`requests.http\` has an
example of every request.${hasSeedAccounts(model) ? ' Seeded accounts have the password `try-it-out`.' : ''}${auth === 'apiKey' ? '\n\n`npm run key -- <name>` creates an API key, and the entry for `API_KEYS` in `.env`.' : ''}`
}

/** `2 Books and 1 Author`. */
function countsOf(model: ProjectModel): string {
  const counts = [...Map.groupBy(seedsOf(model).rows, ({ resource }) => resource)].map(
    ([{ label, labelPlural }, { length }]) => oneLine(`${length} ${length === 1 ? label : labelPlural}`),
  )
  return counts.length > 1 ? `${counts.slice(0, -1).join(', ')} and ${counts.at(-1)}` : counts.join('')
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

function routes(model: ProjectModel): string {
  const hasAuth = model.auth !== 'none'
  const row = (method: string, path: string, what: string, who: string): string[] => [
    `\`${method}\``,
    markdownCode(path),
    what,
    ...(hasAuth ? [who] : []),
  ]
  const rows = [
    ...(model.account
      ? [
          row('POST', '/auth/register', 'Register an account', 'anyone'),
          row('POST', '/auth/login', 'Sign in: returns a token', 'anyone'),
          row('GET', '/auth/me', 'Read the current account', 'signed in'),
        ]
      : []),
    ...model.resources.flatMap((resource) => resourceRoutes(resource, row)),
    ...model.links.flatMap((link) => linkRoutes(link, row)),
    ...model.customs.map(({ operation, summary, guard, isWritten }) =>
      row(
        operation.method,
        operation.path,
        `${markdownText(summary)}${isWritten ? '' : ' (**not implemented**: returns 501)'}`,
        who(guard),
      ),
    ),
    row('GET', '/health', 'Liveness check', 'anyone'),
    row('GET', '/ready', 'Readiness check: database available', 'anyone'),
  ]
  return table(['Method', 'Path', 'Description', ...(hasAuth ? ['Access'] : [])], rows)
}

type RouteRow = (method: string, path: string, what: string, who: string) => string[]

function resourceRoutes(resource: Resource, row: RouteRow): string[][] {
  const { path, operations, policies } = resource
  const label = markdownText(resource.label)
  const one = `${path}/:id`
  return [
    ...(operations.has('list')
      ? [row('GET', path, `List ${markdownText(resource.labelPlural)}`, who(policies.list))]
      : []),
    ...(hasCreate(resource) ? [row('POST', path, `Create ${label}`, who(policies.create))] : []),
    ...(operations.has('read') ? [row('GET', one, `Read ${label}`, who(policies.read))] : []),
    ...(operations.has('update') ? [row('PUT', one, `Replace ${label}`, who(policies.update))] : []),
    ...(hasPatch(resource) ? [row('PATCH', one, `Change ${label}`, who(policies.update))] : []),
    ...(operations.has('delete') ? [row('DELETE', one, `Delete ${label}`, who(policies.delete))] : []),
  ]
}

function who(...guards: readonly Guard[]): string {
  const roles = guards.flatMap((guard) => guard.roles)
  if (roles.length > 0) return [...new Set(roles)].map(markdownCode).join(', ')
  const owned = guards.find(({ scope }) => scope !== undefined)
  if (owned) return ['the owner', ...owned.beyond.map(markdownCode)].join(', ')
  const scheme = guards.find((guard) => guard.scheme !== undefined)?.scheme
  if (scheme === 'apiKey') return 'with a key'
  return scheme === 'bearer' ? 'signed in' : 'anyone'
}

function linkRoutes({ left, right, leftSegment, rightSegment }: Link, row: RouteRow): string[][] {
  const rights = `${left.path}/:id/${rightSegment}`
  const reader = who(left.policies.read, right.policies.read)
  const writer = who(...linkGuards(left, right))
  const [leftLabel, rightLabel] = [markdownText(left.label), markdownText(right.label)]
  return [
    row('GET', rights, `List ${markdownText(right.labelPlural)} of ${leftLabel}`, reader),
    row('PUT', `${rights}/:otherId`, `Link ${leftLabel} and ${rightLabel}`, writer),
    row('DELETE', `${rights}/:otherId`, `Unlink ${leftLabel} and ${rightLabel}`, writer),
    row(
      'GET',
      `${right.path}/:id/${leftSegment}`,
      `List ${markdownText(left.labelPlural)} of ${rightLabel}`,
      reader,
    ),
  ]
}

function scheduled({ tasks }: ProjectModel): string {
  if (tasks.length === 0) return ''
  const rows = tasks.map(({ schedule, description, isWritten }) => [
    markdownCode(schedule.id),
    markdownText(describeSchedule(schedule.when)),
    `${markdownText(description)}${isWritten ? '' : ' (**not implemented**)'}`,
  ])
  return `## Scheduled tasks\n
${table(['Task', 'Schedule', 'Description'], rows)}

They run in the service itself, each never concurrently with itself; a failed run is logged and does not affect the next. To run one now:
\`npm run task -- ${tasks[0]!.schedule.id}\`. With several processes, set \`SCHEDULES=off\` in all but one.`
}

function called({ clients }: ProjectModel): string {
  if (clients.length === 0) return ''
  const rows = clients.map(({ service, description, calls }) => [
    markdownCode(service.name),
    markdownText(description),
    markdownCode(service.baseUrl),
    calls.map(({ call }) => markdownCode(`${call.method} ${call.path}`)).join(', '),
  ])
  return `## External services\n
${table(['Service', 'Description', 'Base URL', 'Calls'], rows)}

Only \`src/services\` sends requests. Responses are validated, redirects are not followed, and every call has a timeout: a
failed service gives 502, a slow one 504. Tests use test doubles and no network.`
}

function unwritten({ customs, tasks }: ProjectModel): string {
  const operations = customs
    .filter(({ isWritten }) => !isWritten)
    .map((custom) => `- ${markdownCode(handlerPath(custom))}: ${markdownText(custom.summary)}`)
  const stubs = tasks
    .filter(({ isWritten }) => !isWritten)
    .map((task) => `- ${markdownCode(taskPath(task))}: ${markdownText(task.description)}`)
  if (operations.length + stubs.length === 0) return ''
  const parts = [
    ...(operations.length > 0
      ? [
          `These operations return 501 for now. The rules of each are in its file; its test describes
the current response:\n\n${operations.join('\n')}`,
        ]
      : []),
    ...(stubs.length > 0
      ? [
          `These tasks only log that they are not implemented for now. The rules of each are in its
file:\n\n${stubs.join('\n')}`,
        ]
      : []),
  ]
  return `## Not implemented\n\n${parts.join('\n\n')}`
}

function conventions(model: ProjectModel): string {
  const lists = model.resources.some(({ operations }) => operations.has('list'))
  const forbids = model.resources.some(
    (resource) => mayForbid(resource, 'update') || mayForbid(resource, 'delete'),
  )
  const hides = model.resources.some(({ policies }) => policies.read.scope !== undefined)
  return [
    ...(lists
      ? [
          `A list takes \`limit\` (1 to 100, 20 by default), \`offset\`, \`sort\`, \`order\` (\`asc\` or \`desc\`) and a
value to filter by for most properties; \`q\` searches text. It returns
\`{ "data": [...], "pagination": { "total", "limit", "offset" } }\`.`,
        ]
      : []),
    `Every error has the shape \`{ "error": { "code", "message", "details"?, "requestId" } }\`. Invalid
input is 400, with one entry in \`details\` for each problem.`,
    ...(model.account
      ? [
          `Send the token of a login as \`Authorization: Bearer <token>\`.${
            hides ? ' Rows that only their owner may read are\n404 for everyone else.' : ''
          }${forbids ? ' Changing a row that you may read but do not own is 403.' : ''}`,
        ]
      : []),
    ...(model.auth === 'apiKey'
      ? [
          `Send your key as \`${model.keyHeader}: <key>\`. The service stores only a hash, so a lost key must be replaced.`,
        ]
      : []),
    ...(model.roles.length > 0 ? [rolesText(model)] : []),
  ].join('\n\n')
}

const rolesText = ({ roles }: ProjectModel): string => {
  const [initial = '', ...others] = roles.map(markdownCode)
  return `New accounts are ${initial}. No request can change a role: an operator with access to the
database grants one (${others.join(', ')}), and it applies to existing tokens at once:

\`\`\`sh
npm run grant -- grace@example.com ${roles[1] ?? ''}
\`\`\``
}

function entity(resource: Resource, links: Link[]): string {
  const { entity: definition } = resource
  const stamps = [resource.created, resource.updated].flatMap((stamp) =>
    stamp === undefined ? [] : [stamp.name],
  )
  const rows = [
    [`\`${resource.id.name}\``, keyTypes[resource.id.kind], 'set by the service'],
    ...resource.properties.map((property) => [
      `\`${property.name}\``,
      typeOf(property),
      rulesOf(property, resource),
    ]),
    ...(stamps.length > 0
      ? [[stamps.map((name) => `\`${name}\``).join(', '), 'instant', 'set by the service']]
      : []),
  ]
  const linked = links.flatMap(({ left, right }) =>
    left === resource ? [right.labelPlural] : right === resource ? [left.labelPlural] : [],
  )
  return [
    `### ${markdownText(resource.label)}`,
    ...(definition.description ? [markdownText(definition.description)] : []),
    table(['Property', 'Type', 'Rules'], rows),
    ...resource.indexes
      .filter(({ unique }) => unique)
      .map(
        ({ properties }) => `Unique together: ${properties.map(({ name }) => `\`${name}\``).join(' and ')}.`,
      ),
    ...(linked.length > 0 ? [`Linked many to many with: ${linked.map(markdownText).join(', ')}.`] : []),
  ].join('\n\n')
}

const keyTypes = { uuid: 'UUID', integer: 'whole number', text: 'text' }

const typeOf = (property: Property): string =>
  property.kind === 'relation'
    ? `id of ${markdownText(property.relation.target.label)}`
    : projectKind(property.field.type).words

const deleteRules = {
  cascade: 'deleted with it',
  restrict: 'prevents its deletion',
  setNull: 'set to null when it is deleted',
}

const mayBeLeftOut = (property: Property) =>
  !property.required || (property.kind === 'field' && property.field.default !== undefined)

function rulesOf(property: Property, resource: Resource): string {
  const rules = [
    mayBeLeftOut(property) ? 'optional' : 'required',
    ...(property.unique ? ['unique'] : []),
    ...(property.kind === 'relation' ? [deleteRules[property.relation.onDelete]] : []),
    ...(property.name === resource.ownerProperty ? ['the owner, set from the token'] : []),
    ...(property.isRole ? ['granted, never sent'] : []),
    ...(property.kind === 'field' && property.field.default !== undefined
      ? [`${markdownCode(JSON.stringify(property.field.default))} by default`]
      : []),
  ]
  return rules.join(', ')
}

function configuration({ name, account, auth, tasks, variables }: ProjectModel): string {
  const rows = [
    ['`PORT`', '`3000`', 'the port; `0` picks a free one'],
    ['`HOST`', '`127.0.0.1`', 'the address; `0.0.0.0` when `NODE_ENV` is `production`'],
    ['`DATABASE_PATH`', `\`./data/${name}.sqlite\``, 'the database file; its folder is created'],
    ['`LOG_LEVEL`', '`info`', '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`'],
    ['`CORS_ORIGIN`', 'none', 'the origins that may call from a browser, separated by commas'],
    ['`RATE_LIMIT_PER_MINUTE`', '`1000`', 'the maximum number of requests per client and minute'],
    ['`TRUST_PROXY`', 'none', 'trusted proxy addresses or ranges'],
    ...(tasks.length > 0
      ? [['`SCHEDULES`', '`on`', '`off` keeps this process from running the scheduled tasks']]
      : []),
    ...(account
      ? [
          [
            '`JWT_SECRET`',
            'a new one at every start',
            'the key of the tokens, at least 32 characters; required in production',
          ],
          ['`JWT_EXPIRES_IN`', '`1d`', 'how long a token is valid: a number and `s`, `m`, `h` or `d`'],
          [
            '`AUTH_RATE_LIMIT_PER_MINUTE`',
            '`20`',
            'the maximum number of registrations and logins per client and minute',
          ],
        ]
      : []),
    ...(auth === 'apiKey'
      ? [['`API_KEYS`', 'none', '`name:hash` of each key, separated by commas; required in production']]
      : []),
    ...variables.map(({ name: variable, description, isRequired, type, otherwise }) => [
      `\`${variable}\``,
      isRequired ? 'none' : markdownCode(String(otherwise)),
      [
        markdownText(description),
        ...(type === 'secret' ? ['Secret.'] : []),
        ...(isRequired ? ['Required in production.'] : []),
      ].join(' '),
    ]),
  ]
  return `## Configuration

Environment variables, also read from \`.env\` (see \`.env.example\`). An invalid one stops the start
with a message that names it.

${table(['Variable', 'Default', 'Description'], rows)}`
}

function development({ account }: ProjectModel): string {
  return `## Develop

\`\`\`sh
npm run dev     # restarts when a file changes
npm test        # every route with in-memory databases
npm run check   # types
\`\`\`

There is no build: Node strips the types. To change the database, add a
file to \`src/migrations\` with the next number; it is applied at the next start. Never edit an applied
file: the start fails.${
    account
      ? '\n\nPasswords are stored as scrypt hashes (N = 2^17, r = 8, p = 1), each with its own salt.'
      : ''
  }`
}

function docker(model: ProjectModel): string {
  const { account, auth, variables, seeds } = model
  const seeding =
    seeds.length > 0 && !hasSeedAccounts(model)
      ? '\ndocker compose exec api node src/seed.ts   # seed data, from another terminal'
      : ''
  const values = variables
    .filter(({ isRequired }) => isRequired)
    .map(({ name }) => `export ${name}=…\n`)
    .join('')
  const secret = account
    ? `export JWT_SECRET="$(openssl rand -base64 32)"   # keep it\n`
    : auth === 'apiKey'
      ? 'export API_KEYS=name:hash   # an entry from npm run key\n'
      : ''
  return `## Docker

\`\`\`sh
${secret}${values}docker compose up --build${seeding}
\`\`\`

The container runs without root on a read-only file system; the database is in the volume \`data\`.
\`docker build --target test .\` checks the types and runs the tests.`
}

function layout({ account, auth, links, customs, tasks, clients, variables }: ProjectModel): string {
  const lines = [
    'src/index.ts          starts the service',
    'src/app.ts            builds the application',
    'src/config.ts         reads the environment',
    ...(variables.length > 0 ? ['src/config-values.ts  configuration specific to this service'] : []),
    'src/routes/           request handlers',
    ...(customs.length > 0 ? ['src/operations/       custom operations'] : []),
    ...(tasks.length > 0
      ? [
          'src/schedule.ts       task schedule',
          'src/scheduled/        scheduled tasks',
          'src/scheduler.ts      runs the tasks',
        ]
      : []),
    ...(clients.length > 0 ? ['src/services/         clients of external services'] : []),
    'src/schemas/          schemas of requests and responses',
    'src/repositories/     tables of the entities',
    'src/migrations/       database migrations',
    'src/database/         connection, migrations and queries',
    'src/http/             errors, documentation, health, limits',
    ...(account ? ['src/auth/             passwords, tokens, accounts'] : []),
    ...(auth === 'apiKey' ? ['src/auth/             API keys'] : []),
    `tests/                ${links.length > 0 ? 'routes, links' : 'routes'} and shared parts`,
  ]
  return `## Layout\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``
}
