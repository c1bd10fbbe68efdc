import { propertyKey } from '../../../codegen/encode/property.ts'
import { literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports } from '../../../codegen/imports.ts'
import { sampleValues } from '../../../codegen/samples.ts'
import type { Crud } from '../crud.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import { type Resource, writableProperties } from '../resource.ts'
import { filterTests, limitTest, listTest } from './crud-tests/lists.ts'
import {
  invalidPathTest,
  notFoundTest,
  othersTest,
  parentTest,
  referenceTest,
  unauthorizedCases,
} from './crud-tests/error-cases.ts'
import { changeTest, createTest, deleteTest, keepsPathTest, readTest } from './crud-tests/rows.ts'
import type { Writer } from './crud-tests/writer.ts'
import { insertFunction } from './fixtures.ts'
import { errorTests } from './operation-errors.ts'
import { exampleTest, test } from './example-tests.ts'
import { startOf } from './operation-tests.ts'
import { canCoexist } from './row-capacity.ts'

/** `tests/operations/<id>.test.ts` of a CRUD operation: success and error cases. */
export function crudTestsFile(custom: NamedOperation, crud: Crud, model: ProjectModel): string {
  const { operation } = custom
  const imports = makeImports()
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  imports.value('../support/server.ts', 'startServer')
  const start = startOf(custom, model)
  const inserted: Resource[] = []
  const writer: Writer = {
    custom,
    start,
    crud,
    model,
    imports,
    assert: () => imports.default('node:assert/strict', 'assert'),
    insert(resource, given = '') {
      inserted.push(resource)
      const values = [resource === crud.resource ? requestedValues(custom, crud, given) : '', given]
        .filter(Boolean)
        .join(', ')
      return `${insertFunction(resource)}(server${values && writableProperties(resource).length > 0 ? `, { ${values} }` : ''})`
    },
  }
  // Some tests need more rows than can exist.
  const fits = () => canCoexist(...(model.account ? [model.account] : []), ...inserted.splice(0))
  const tests = [
    ...testsOf(crud).flatMap((make) => {
      const made = make(writer)
      if (crud.binding.action === 'create') inserted.push(crud.resource)
      return fits() ? made : []
    }),
    ...operation.examples.flatMap((example) => {
      inserted.push(...example.rows.map((row) => custom.resourceOf(row.entity)), crud.resource)
      return fits() ? [exampleTest(example, custom, model, imports, start)] : []
    }),
    ...errorTests(custom, imports).map(({ name, lines }) => test(name, start, ...lines)),
    ...unauthorizedCases(writer),
  ]
  const text = tests.filter(Boolean).join('\n\n')
  for (const resource of model.resources) {
    const name = insertFunction(resource)
    if (text.includes(`${name}(`)) imports.value('../support/fixtures.ts', name)
  }
  const name = `${operation.method} ${operation.path}`
  return `${imports.render()}\n\ndescribe(${stringLiteral(name)}, () => {\n${text}\n});\n`
}

/** Values of optional properties that requests find rows by, unless given: rows of fixtures have none. */
function requestedValues({ operation }: NamedOperation, { binding, resource }: Crud, given: string): string {
  const isGiven = (name: string) => `, ${given}`.includes(`, ${propertyKey(name)}: `)
  const needed = new Set(operation.query.filter(({ required }) => required).map(({ name }) => name))
  const asked = new Set([
    ...(binding.row ? [binding.row.property] : []),
    ...binding.scope.map(({ property }) => property),
    ...binding.query.flatMap((one) => (one.means === 'equals' && needed.has(one.name) ? [one.property] : [])),
  ])
  return resource.properties
    .flatMap((property) => {
      if (property.kind === 'relation' || property.required || !asked.has(property.name)) return []
      if (isGiven(property.name)) return []
      const [sample = null] = sampleValues(resource.entity.name, property.field, 1)
      return [`${propertyKey(property.name)}: ${literal(sample)}`]
    })
    .join(', ')
}

type MakeTests = (writer: Writer) => string | string[]

function testsOf({ binding }: Crud): MakeTests[] {
  switch (binding.action) {
    case 'list':
      return [listTest, limitTest, filterTests, parentTest, othersTest]
    case 'create':
      return [createTest, referenceTest, parentTest]
    case 'read':
      return [readTest, notFoundTest, invalidPathTest, othersTest]
    case 'update':
    case 'replace':
      return [changeTest, keepsPathTest, referenceTest, notFoundTest, othersTest]
    case 'delete':
      return [deleteTest, notFoundTest, othersTest]
  }
}
