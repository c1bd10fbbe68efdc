import { oneLine } from '../../../../codegen/encode/text.ts'
import { markdownCode, markdownText } from '../../../../codegen/encode/markdown.ts'
import type { ProjectModel } from '../../model.ts'
import { seedsOf } from '../../seed-rows.ts'
import { hasSeedAccounts } from '../seeds.ts'
import { table } from './markdown-table.ts'

export function running(model: ProjectModel): string {
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

export function configuration({ name, account, auth, tasks, variables }: ProjectModel): string {
  const rows = [
    ['`PORT`', '`3000`', 'the port; `0` picks a free one'],
    ['`HOST`', '`127.0.0.1`', 'the address; `0.0.0.0` when `NODE_ENV` is `production`'],
    ['`DATABASE_PATH`', `\`./data/${name}.sqlite\``, 'the database file; its folder is created'],
    ['`LOG_LEVEL`', '`info`', '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`'],
    ['`CORS_ORIGIN`', 'none', 'the origins that may call from a browser, separated by commas'],
    ['`RATE_LIMIT_PER_MINUTE`', '`1000`', 'the maximum number of requests per client and minute'],
    [
      '`DOCS_ACCESS`',
      '`public`',
      'who may read `/docs`: `public`, or `password`, the default when `NODE_ENV` is `production`',
    ],
    ['`DOCS_PASSWORD`', 'none', 'the password of `/docs`, for any user name; without one, it is closed'],
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

export function docker(model: ProjectModel): string {
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
