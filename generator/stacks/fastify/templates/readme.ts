import { markdownCode, markdownText } from '../../../codegen/encode/markdown.ts'
import type { ProjectModel } from '../model.ts'
import { credentialText } from './credential.ts'
import { mayForbid } from './routes/row-access.ts'
import { running, configuration, docker } from './readme/running.ts'
import { routes } from './readme/routes.ts'
import { scheduled, called, unwritten } from './readme/tasks-and-services.ts'
import { entity } from './readme/data.ts'
import { development, layout } from './readme/development.ts'

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

function conventions(model: ProjectModel): string {
  const lists = model.resources.some(({ operations }) => operations.has('list'))
  const forbids = model.resources.some(
    (resource) => mayForbid(resource, 'update') || mayForbid(resource, 'delete'),
  )
  // An account that no route shows is no row to hide.
  const hides = model.resources.some(
    ({ policies, isAccount, operations }) =>
      policies.read.scope !== undefined && !(isAccount && operations.size === 0),
  )
  return [
    ...(lists
      ? [
          `A list takes \`limit\` (1 to 100, 20 by default), \`offset\`, \`sort\`, \`order\` (\`asc\` or \`desc\`) and a
value to filter by for most properties; \`q\` searches text. It returns
\`{ "data": [...], "pagination": { "total", "limit", "offset" } }\`.`,
        ]
      : []),
    model.errors
      ? 'Errors have the form that the document of the API states: `src/http/error-format.ts`.'
      : `Every error has the shape \`{ "error": { "code", "message", "details"?, "requestId" } }\`. Invalid
input is 400, with one entry in \`details\` for each problem.`,
    ...(model.account
      ? [
          `Send the token of a login as \`${credentialText(model, '<token>')}\`.${
            hides ? ' Rows that only their owner may read are\n404 for everyone else.' : ''
          }${forbids ? ' Changing a row that you may read but do not own is 403.' : ''}`,
        ]
      : []),
    ...(model.auth === 'apiKey'
      ? [
          `Send your key as \`${credentialText(model, '<key>')}\`. The service stores only a hash, so a lost key must be replaced.`,
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
