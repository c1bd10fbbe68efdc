import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import type { Shape } from '#contract'
import { templateText } from '../../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../../codegen/imports.ts'
import { sampleOf } from '../../../../codegen/sample-of.ts'
import { sampleValues } from '../../../../codegen/samples.ts'
import type { Crud } from '../../crud.ts'
import type { NamedOperation } from '../../custom-operations.ts'
import type { ProjectModel } from '../../model.ts'
import type { Resource } from '../../resource.ts'

/** Context for the tests of a CRUD operation: its server, its rows, and their location in the response. */

export type Writer = {
  readonly custom: NamedOperation
  /** The line that starts the server. */
  readonly start: string
  readonly crud: Crud
  readonly model: ProjectModel
  readonly imports: Imports
  readonly assert: () => string
  readonly insert: (resource: Resource, given?: string) => string
}

export const status = ({ custom }: Writer): number => custom.operation.responses.success.status

/** A row, with the parents in its path, also where rows may be without them. */
export function rowLine({ crud, insert }: Writer, name = 'row'): string {
  const given = crud.parents.flatMap(({ param, resource }) => {
    const property = crud.binding.scope.find((one) => one.param === param)!.property
    const isOptional = crud.row.find((one) => one.name === property)?.shape.nullable === true
    return isOptional ? [`${propertyKey(property)}: ${insert(resource)}${access(resource.id.name)}`] : []
  })
  return `const ${name} = ${insert(crud.resource, given.join(', '))};`
}

/** The parent rows of a path without its own row, and the value of each parameter. */
export function around({ crud, custom, insert }: Writer): { lines: string[]; values: Map<string, string> } {
  const values = new Map<string, string>()
  const lines = crud.parents.map(({ param, resource }, index) => {
    const name = index === 0 ? 'parent' : `parent${index + 1}`
    values.set(param, `\${${name}${access(resource.id.name)}}`)
    return `const ${name} = ${insert(resource)};`
  })
  for (const { param, property } of crud.binding.scope) {
    if (values.has(param)) continue
    const field = crud.resource.entity.fields.find(({ name }) => name === property)
    const [sample] = field
      ? sampleValues(crud.resource.entity.name, field, 1)
      : [sampleOf(shapeOf(custom, param))]
    values.set(param, templateText(encodeURIComponent(String(sample))))
  }
  return { lines, values }
}

export const shapeOf = (custom: NamedOperation, param: string): Shape =>
  custom.operation.params.find(({ name }) => name === param)?.shape ?? { kind: 'string', nullable: false }

/** The location of the row or rows in the response. */
export function held({ crud }: Writer, holds: 'row' | 'rows'): string | undefined {
  const place = crud.binding.answer.find((one) => one.holds === holds)
  return place && `response.json()${place.at.map(access).join('')}`
}

export const scopeGiven = ({ crud }: Writer): string =>
  crud.parents
    .map(({ param, resource }, index) => {
      const property = crud.binding.scope.find((one) => one.param === param)!.property
      return `${propertyKey(property)}: ${index === 0 ? 'parent' : `parent${index + 1}`}${access(resource.id.name)}`
    })
    .join(', ')
