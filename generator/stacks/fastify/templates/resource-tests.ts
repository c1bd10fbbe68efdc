import { makeImports } from '../../../codegen/imports.ts'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, writableProperties, type Resource } from '../resource.ts'
import { insertFunction, requestFunction } from './fixtures.ts'
import type { Operation } from '#contract'
import { roleBehind, startLine, type Writer } from './resource-tests/writer.ts'
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
  const shared = {
    resource,
    model,
    imports,
    body(given = '', target = 'server') {
      const name = imports.value(fixtures, requestFunction(resource))
      if (writableProperties(resource).length === 0) return `${name}()`
      return `${name}(${target}${given ? `, ${given}` : ''})`
    },
    insert(given = '', of = resource, target = 'server') {
      return `${imports.value(fixtures, insertFunction(of))}(${target}${given ? `, ${given}` : ''})`
    },
  }
  const writerFor = (operation: Operation): Writer => {
    const guard = resource.policies[operation]
    const role = roleBehind([guard], model.roles)
    return { ...shared, guard, role, server: startLine(role, model) }
  }
  const { operations } = resource
  const groups = [
    operations.has('list') ? listTests(writerFor('list')) : '',
    hasCreate(resource) ? createTests(writerFor('create')) : '',
    operations.has('read') ? readTests(writerFor('read')) : '',
    operations.has('update') ? replaceTests(writerFor('update')) : '',
    hasPatch(resource) ? patchTests(writerFor('update')) : '',
    operations.has('delete') ? deleteTests(writerFor('delete')) : '',
  ].filter(Boolean)
  return `${imports.render()}\n\n${groups.join('\n\n')}\n`
}

export const hasResourceTests = ({ operations, isAccount }: Resource): boolean =>
  [...operations].some((operation) => !(isAccount && operation === 'create'))
