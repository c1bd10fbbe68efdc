import { makeImports } from '../../../generate/render/imports.ts'
import { hasCreate, hasPatch, writableProperties, type ProjectModel, type Resource } from '../model.ts'
import { bodyFunction, insertFunction } from './fixtures.ts'
import type { Writer } from './resource-tests/writer.ts'
import { listTests } from './resource-tests/list.ts'
import { createTests } from './resource-tests/create.ts'
import { readTests } from './resource-tests/read.ts'
import { replaceTests, patchTests } from './resource-tests/change.ts'
import { deleteTests } from './resource-tests/delete.ts'

/** `tests/routes/<entity>.test.ts`: every operation of one resource, through the API. */
export function resourceTestsFile(resource: Resource, model: ProjectModel): string {
  const imports = makeImports()
  imports.default('node:assert/strict', 'assert')
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/server.ts', 'startServer')
  const fixtures = '../support/fixtures.ts'
  const writer: Writer = {
    resource,
    model,
    imports,
    body(given = '', target = 'server') {
      const name = imports.value(fixtures, bodyFunction(resource))
      if (writableProperties(resource).length === 0) return `${name}()`
      return `${name}(${target}${given ? `, ${given}` : ''})`
    },
    insert(given = '', of = resource, target = 'server') {
      return `${imports.value(fixtures, insertFunction(of))}(${target}${given ? `, ${given}` : ''})`
    },
  }
  const { operations } = resource
  const groups = [
    operations.has('list') ? listTests(writer) : '',
    hasCreate(resource) ? createTests(writer) : '',
    operations.has('read') ? readTests(writer) : '',
    operations.has('update') ? replaceTests(writer) : '',
    hasPatch(resource) ? patchTests(writer) : '',
    operations.has('delete') ? deleteTests(writer) : '',
  ].filter(Boolean)
  return `${imports.render()}\n\n${groups.join('\n\n')}\n`
}

export const hasResourceTests = ({ operations, isAccount }: Resource): boolean =>
  [...operations].some((operation) => !(isAccount && operation === 'create'))
