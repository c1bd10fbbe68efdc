import { entityBefore, propertyBefore, type Renames } from '../../../blueprint/renames.ts'
import type { ProjectModel } from '../model.ts'
import type { Link, Property, Resource } from '../resource.ts'

/** The source of a new column: an old column, or nothing. */
export type ColumnSource = { readonly column: string; readonly before: Property | null }
export type ColumnPlan = {
  readonly column: string
  /** Null for automatic columns: a key, a timestamp, a side of a link. */
  readonly property: Property | null
  readonly source: ColumnSource | null
}
/** A table of the new version, with its source table and columns. */
export type TablePlan = {
  readonly table: string
  readonly resource: Resource | null
  readonly before: { readonly table: string; readonly resource: Resource | null } | null
  readonly columns: readonly ColumnPlan[]
}

/** Maps the tables and columns of one version to those of the next. */
export function correspond(before: ProjectModel, after: ProjectModel, renames: Renames): TablePlan[] {
  const earlier = new Map(before.resources.map((resource) => [resource.entity.name, resource]))
  const sourceOf = (resource: Resource): Resource | null => {
    const found = earlier.get(entityBefore(renames, resource.entity.name)) ?? null
    // A UUID is a text; any other conversion would lose references.
    const isKept =
      found?.id.kind === resource.id.kind || (found?.id.kind === 'uuid' && resource.id.kind === 'text')
    return found && isKept ? found : null
  }
  return [
    ...after.resources.map((resource) => planResource(resource, sourceOf, renames)),
    ...after.links.map((link) => planLink(link, before.links, sourceOf)),
    ...(after.account ? [planCredentials(after.account, before.account, sourceOf)] : []),
  ]
}

type SourceOf = (resource: Resource) => Resource | null

function planResource(resource: Resource, sourceOf: SourceOf, renames: Renames): TablePlan {
  const before = sourceOf(resource)
  const own = [
    [resource.id, before?.id],
    [resource.created, before?.created],
    [resource.updated, before?.updated],
  ] as const
  return {
    table: resource.table,
    resource,
    before: before && { table: before.table, resource: before },
    columns: [
      ...own.flatMap(([now, then]): ColumnPlan[] =>
        now === undefined
          ? []
          : [
              {
                column: now.column,
                property: null,
                source: then ? { column: then.column, before: null } : null,
              },
            ],
      ),
      ...resource.properties.map((property): ColumnPlan => {
        const was = before ? propertyOf(before, property, resource, sourceOf, renames) : undefined
        return {
          column: property.column,
          property,
          source: was ? { column: was.column, before: was } : null,
        }
      }),
    ],
  }
}

/** The previous property; a relation with another target is a new one. */
function propertyOf(
  before: Resource,
  now: Property,
  resource: Resource,
  sourceOf: SourceOf,
  renames: Renames,
): Property | undefined {
  const name = propertyBefore(renames, resource.entity.name, ownName(now, resource))
  const was = before.properties.find(
    (property) => property.kind === now.kind && ownName(property, before) === name,
  )
  if (was?.kind !== 'relation' || now.kind !== 'relation') return was
  return sourceOf(now.relation.target) === was.relation.target ? was : undefined
}

/** The Blueprint's name: a relation's name, not its property. */
function ownName(property: Property, { entity, properties }: Resource): string {
  if (property.kind === 'field') return property.field.name
  const at = properties.filter(({ kind }) => kind === 'relation').indexOf(property)
  return entity.belongsTo[at]?.name ?? property.name
}

function planLink(link: Link, before: readonly Link[], sourceOf: SourceOf): TablePlan {
  const left = sourceOf(link.left)
  const right = sourceOf(link.right)
  const same = before.find((one) => one.left === left && one.right === right)
  // Now managed from the other side, with the same pairs.
  const turned = before.find((one) => one.left === right && one.right === left)
  const was = same ?? turned
  const side = (column: string, then: string | undefined): ColumnPlan => ({
    column,
    property: null,
    source: then === undefined ? null : { column: then, before: null },
  })
  return {
    table: link.table,
    resource: null,
    before: was ? { table: was.table, resource: null } : null,
    columns: [
      side(link.leftColumn, same ? same.leftColumn : turned?.rightColumn),
      side(link.rightColumn, same ? same.rightColumn : turned?.leftColumn),
    ],
  }
}

const CREDENTIALS = { table: '_credentials', columns: ['account_id', 'password_hash'] }

function planCredentials(account: Resource, before: Resource | undefined, sourceOf: SourceOf): TablePlan {
  const isSame = before !== undefined && sourceOf(account) === before
  return {
    table: CREDENTIALS.table,
    resource: null,
    before: isSame ? { table: CREDENTIALS.table, resource: null } : null,
    columns: CREDENTIALS.columns.map((column) => ({
      column,
      property: null,
      source: isSame ? { column, before: null } : null,
    })),
  }
}
