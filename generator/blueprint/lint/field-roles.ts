import type { Blueprint, Entity, Field } from '#contract'
import type { Report } from './diagnostic.ts'

/** Fields that only some roles set: the roles exist, and rows can be created by accounts that have none of them. */
export function lintFieldRoles(blueprint: Blueprint, report: Report): void {
  const roles = blueprint.auth.kind === 'jwt' ? (blueprint.auth.roles?.names ?? []) : []
  const bound = new Set(
    blueprint.operations.flatMap(({ implementation }) =>
      implementation?.kind === 'crud' ? [implementation.entity] : [],
    ),
  )
  for (const entity of blueprint.entities)
    for (const field of entity.fields) {
      if (field.setBy === undefined) continue
      const distinct = [...new Set(field.setBy)]
      field.setBy = distinct
      if (bound.has(entity.name)) drop(entity, field, report, BOUND)
      else if (roles.length > 0 && roles.every((role) => distinct.includes(role)))
        drop(entity, field, report, EVERYBODY)
      else check(entity, field, { roles, named: distinct }, report)
    }
}

type Reason = { readonly code: string; readonly why: string; readonly fix: string }

const EVERYBODY: Reason = {
  code: 'field.set-by-every-role',
  why: 'Every account has one of them.',
  fix: 'Everyone who may create or update the row sets it.',
}
const BOUND: Reason = {
  code: 'field.set-by-bound',
  why: 'A document states the bodies of these routes.',
  fix: 'Its bodies decide.',
}

function drop(entity: Entity, field: Field, report: Report, { code, why, fix }: Reason): void {
  const said = `Only ${field.setBy!.join(', ')} may set ${field.name} of ${entity.name}.`
  delete field.setBy
  report.fixed({ code, path: `entities.${entity.name}.fields.${field.name}.setBy`, what: said, why, fix })
}

function check(
  entity: Entity,
  field: Field,
  { roles, named }: { roles: readonly string[]; named: readonly string[] },
  report: Report,
): void {
  const path = `entities.${entity.name}.fields.${field.name}.setBy`
  const unknown = named.find((role) => !roles.includes(role))
  if (unknown !== undefined)
    report.error({
      code: 'field.set-by-role',
      path,
      what: `Only ${unknown} may set ${field.name} of ${entity.name}, which is not a role.`,
      why: 'No account could ever have it.',
      fix:
        roles.length > 0
          ? `Add it to the roles, or name one of ${roles.join(', ')}.`
          : 'Set auth to jwt with an account entity and roles.',
    })
  else if (field.required && field.default === undefined)
    report.error({
      code: 'field.set-by-required',
      path,
      what: `${field.name} of ${entity.name} is required, has no default, and only ${named.join(', ')} may set it.`,
      why: 'Nobody else could create a row.',
      fix: 'Give it a default, or make it optional.',
    })
}
