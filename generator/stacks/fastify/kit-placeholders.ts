import { stringLiteral } from '../../codegen/encode/typescript.ts'
import { ownGroup } from './custom-operations.ts'
import type { ProjectModel } from './model.ts'
import { challenge, credentialText, securitySchemesCode } from './templates/credential.ts'
import { configCompose, configExample, configImport } from './templates/config-values.ts'
import { hasRoutes } from './templates/routes.ts'

export function insertsOf(model: ProjectModel): Record<string, string> {
  const own = ownGroup(model.customs, model.resources)
  const routed = [...model.resources.filter((resource) => hasRoutes(resource, model)), ...(own ? [own] : [])]
  return {
    'route-imports': routed
      .map(({ fileName, routesFunction }) => `import { ${routesFunction} } from './routes/${fileName}.ts';`)
      .sort()
      .join('\n'),
    challenge: `    if (answer.statusCode === 401) reply.header('www-authenticate', '${challenge(model)}');`,
    'security-schemes': model.auth === 'none' ? '' : securitySchemesCode(model),
    'config-import': configImport(model),
    'config-example': configExample(model),
    'config-compose': configCompose(model),
    routes:
      routed.length > 0 || model.hasAuthRoutes
        ? routed.map(({ routesFunction }) => `  ${routesFunction}(app, context);`).join('\n')
        : '  // For the routes that you add: it has none yet.\n  void context;',
  }
}

/** Replaces tokens in the kit's files with this project's names; a text token includes its quotes. */
export function fillTokens(content: string, model: ProjectModel): string {
  return content
    .replaceAll(/\bAccountId\b/g, () => (model.account?.id.kind === 'integer' ? 'number' : 'string'))
    .replaceAll('@name.sqlite', () => `${model.name}.sqlite`)
    .replaceAll('@credential', () => credentialText(model, model.auth === 'apiKey' ? '<key>' : '<token>'))
    .replaceAll('X-API-Key', () => model.keyHeader)
    .replaceAll('x-api-key', () => model.keyHeader.toLowerCase())
    .replaceAll("'@title'", () => stringLiteral(model.title))
    .replaceAll("'@description'", () => stringLiteral(model.description))
}
