import { propertyKey } from '../../../codegen/encode/property.ts'
import { commentText, literal } from '../../../codegen/encode/typescript.ts'
import type { ProjectModel } from '../model.ts'
import { seedsOf } from '../seed-rows.ts'
import { idType } from './routes/reference-check.ts'

/** Whether the seeds include accounts, with a known password. */
export const hasSeedAccounts = (model: ProjectModel): boolean =>
  model.account !== undefined && seedsOf(model).rows.some(({ resource }) => resource === model.account)

const NO_SEEDS = `import type { DatabaseSync } from 'node:sqlite';

/** This service keeps no rows. */
export const insertSeeds = (_database: DatabaseSync): number => 0;
`

/** `src/database/seeds.ts`: the Blueprint's seeds or sample rows, with stable ids. */
export function seedsFile(model: ProjectModel): string {
  if (model.resources.length === 0) return NO_SEEDS
  const { rows, links } = seedsOf(model)
  const { isExact } = model
  const account = hasSeedAccounts(model) ? model.account : undefined
  const id = isExact ? 'Id' : 'string'
  const inserts = rows.map(({ resource, id: key, values }, at) => {
    const properties = Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [`${propertyKey(name)}: ${literal(value)},`],
    )
    const row = `${literal(key)}, { ${properties.join('\n')} }`
    const insert = resource === account ? `addAccount(${row});` : `add(repositories.${resource.key}, ${row});`
    const isFirst = rows[at - 1]?.resource !== resource
    return isFirst ? `${at > 0 ? '\n' : ''}// ${commentText(resource.labelPlural)}\n${insert}` : insert
  })
  const connections = model.links.flatMap(({ key, left, right }) => {
    const pairs = links.filter((link) => link.key === key)
    if (pairs.length === 0) return []
    const calls = pairs.map((one) => `repositories.${key}.add(${literal(one.left)}, ${literal(one.right)});`)
    return [`\n// ${commentText(`${left.labelPlural} and ${right.labelPlural}`)}\n${calls.join('\n')}`]
  })
  return `import type { DatabaseSync } from 'node:sqlite';
${account ? "import { makeCredentials } from '../auth/credentials.ts';\n" : ''}import { makeRepositories } from './repositories.ts';
import { inTransaction } from './transaction.ts';
${account ? "\n/** The password of every account in the seeds. */\nexport const seedPassword = 'try-it-out';\n" : ''}
type Table<Values${isExact ? ', Id' : ''}> = {
  find(id: ${id}): unknown;
  insert(values: Values, id: ${id}): unknown;
};

/** Inserts the missing rows and returns how many. */
export function insertSeeds(database: DatabaseSync${account ? ', passwordHash: string' : ''}): number {
  const repositories = makeRepositories(database);
  ${account ? 'const credentials = makeCredentials(database);' : ''}
  let inserted = 0;

  function add<Values${isExact ? ', Id' : ''}>(table: Table<Values${isExact ? ', Id' : ''}>, id: ${isExact ? 'NoInfer<Id>' : 'string'}, values: NoInfer<Values>): boolean {
    if (table.find(id)) return false;
    table.insert(values, id);
    inserted += 1;
    return true;
  }
${
  account
    ? `
  function addAccount(id: ${idType(account)}, values: Parameters<typeof repositories.${account.key}.insert>[0]): void {
    if (add(repositories.${account.key}, id, values)) credentials.add(id, passwordHash);
  }
`
    : ''
}
  inTransaction(database, () => {
${[...inserts, ...connections].join('\n')}
  });
  return inserted;
}
`
}
