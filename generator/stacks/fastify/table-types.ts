import type { ProjectModel } from './model.ts'
import { ownNames, type Resource } from './resource.ts'
import { hasSearch } from './templates/schemas.ts'

/** The types of the repositories as this project has them, for a model that writes a handler. */
export function tableTypes(resources: readonly Resource[], model: ProjectModel): string[] {
  const links = model.links.filter(({ left, right }) => resources.includes(left) && resources.includes(right))
  return [
    ...(resources.length > 0
      ? [...(model.links.length > 0 ? [linkedType(model)] : []), tableType(model)]
      : []),
    ...resources.map((one) => `repositories.${one.key}: ${tableOf(one, model)}`),
    ...(links.length > 0 ? [linksType(model)] : []),
    ...links.map(
      ({ key, left, right }) => `repositories.${key}: Links (left ${left.typeName}, right ${right.typeName})`,
    ),
  ]
}

/** `Table<Book, 'slug', 'slug' | 'createdAt'>`, with what is set automatically. */
const tableOf = (resource: Resource, { isExact }: ProjectModel): string =>
  isExact
    ? `Table<${resource.typeName}, '${resource.id.name}', ${ownNames(resource)
        .map((name) => `'${name}'`)
        .join(' | ')}>`
    : `Table<${resource.typeName}>`

/** As `src/database/table.ts`, without what only routes use. */
function tableType({ isExact, resources, links }: ProjectModel): string {
  const [head, id, values] = isExact
    ? ['Row, Key extends keyof Row, Own extends keyof Row', 'Row[Key]', 'Omit<Row, Own>']
    : ['Row', 'string', "Omit<Row, 'id' | 'createdAt' | 'updatedAt'>"]
  const page = [
    'limit: number; offset: number;',
    isExact
      ? "/** By default in the order of creation. */ sort?: keyof Row; order?: 'asc' | 'desc';"
      : "sort: keyof Row; order: 'asc' | 'desc';",
    'where?: Partial<Row>;',
    ...(resources.some(hasSearch) ? ['search?: string;'] : []),
    ...(links.length > 0 ? ['/** What ofLeft or ofRight answers. */ linkedBy?: Linked;'] : []),
  ]
  const key = isExact
    ? 'Key is the property that identifies a row, Own all that is set automatically; a key that is no number may be given.'
    : 'The id is a new UUID unless it is given.'
  return `type Table<${head}> = {
  find(id: ${id}, where?: Partial<Row>): Row | undefined;
  findBy(where: Partial<Row>): Row | undefined;
  page(request: { ${page.join(' ')} }): { data: Row[]; pagination: { total: number; limit: number; offset: number } };
  /** ${key} */
  insert(values: ${values}, id?: ${id}): Row;
  /** undefined keeps a value, null removes an optional one. Answers undefined if there is no such row. */
  update(id: ${id}, changes: Partial<${values}>, where?: Partial<Row>): Row | undefined;
  remove(id: ${id}, where?: Partial<Row>): boolean;
};`
}

const idOf = ({ isExact }: ProjectModel): string => (isExact ? 'string | number' : 'string')

const linkedType = (model: ProjectModel): string =>
  `type Linked = { table: string; column: string; otherColumn: string; otherId: ${idOf(model)} };`

/** Links of many to many. */
function linksType(model: ProjectModel): string {
  const id = idOf(model)
  return `type Links = {
  add(leftId: ${id}, rightId: ${id}): void;
  remove(leftId: ${id}, rightId: ${id}): boolean;
  /** For linkedBy in the request of page: the rows on the right of one on the left, and the other way round. */
  ofLeft(leftId: ${id}): Linked;
  ofRight(rightId: ${id}): Linked;
};`
}
