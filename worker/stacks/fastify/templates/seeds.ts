import { commentText, literal } from '../../../generate/render/encode/typescript.ts'
import type { ProjectModel } from '../model.ts'
import { seedRows } from '../seed-rows.ts'

/** `src/database/seeds.ts`: a few rows of everything, with ids that stay the same. */
export function seedsFile(model: ProjectModel): string {
  const rows = seedRows(model)
  const { account, isExact } = model
  const id = isExact ? 'Id' : 'string'
  const groups = model.inOrderOfNeed.map((resource) => {
    const inserts = (rows.get(resource) ?? []).map(({ id, values }) => {
      const properties = Object.entries(values).map(([name, value]) => `${name}: ${literal(value)},`)
      const row = `${literal(id)}, { ${properties.join('\n')} }`
      return resource === account ? `addAccount(${row});` : `add(repositories.${resource.key}, ${row});`
    })
    return `// ${commentText(resource.labelPlural)}\n${inserts.join('\n')}`
  })
  const links = model.links.map(({ key, left, right }) => {
    const lefts = rows.get(left) ?? []
    const rights = rows.get(right) ?? []
    const pairs = lefts
      .slice(0, rights.length)
      .map(
        (row, index) => `repositories.${key}.add(${literal(row.id)}, ${literal(rights[index]?.id ?? '')});`,
      )
    return `// ${commentText(`${left.labelPlural} and ${right.labelPlural}`)}\n${pairs.join('\n')}`
  })
  return `import type { DatabaseSync } from 'node:sqlite';
${account ? "import { makeCredentials } from '../auth/credentials.ts';\n" : ''}import { makeRepositories } from './repositories.ts';
import { inTransaction } from './transaction.ts';
${account ? "\n/** The password of every account in the seeds. */\nexport const seedPassword = 'try-it-out';\n" : ''}
type Table<Values${isExact ? ', Id' : ''}> = {
  find(id: ${id}): unknown;
  insert(values: Values, id: ${id}): unknown;
};

/** Inserts the rows that are not there yet and says how many that were. */
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
  function addAccount(id: string, values: Parameters<typeof repositories.${account.key}.insert>[0]): void {
    if (add(repositories.${account.key}, id, values)) credentials.add(id, passwordHash);
  }
`
    : ''
}
  inTransaction(database, () => {
${[...groups, ...links].join('\n\n')}
  });
  return inserted;
}
`
}
