import type { ProjectModel } from '../../model.ts'

export function development({ account }: ProjectModel): string {
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

export function layout({
  account,
  auth,
  links,
  customs,
  tasks,
  helpers,
  clients,
  variables,
}: ProjectModel): string {
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
    ...(helpers.some(({ isUsed }) => isUsed)
      ? ['src/shared/           what several operations or tasks do alike']
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
