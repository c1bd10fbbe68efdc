import { SpecError } from '../spec-error.ts'
import { splitFiles } from '#contract'
import { bounded } from './bounded.ts'
import { bundleFiles } from './bundle.ts'
import { completePaths } from './complete-paths.ts'
import type { Node, OpenApiDocument } from './document.ts'
import { dropWrongExamples } from './drop-wrong-examples.ts'
import { mendOperations } from './mend-operations.ts'
import { mendSchemas } from './mend-schemas.ts'
import { makeOverlooked } from './overlooked.ts'
import { removeLooseReferences } from './references.ts'
import { makeResolve } from './resolve.ts'
import { readSource, type PlaceOf } from './source.ts'
import { fromSwagger, placeInSwagger } from './swagger.ts'
import { tellFaults } from './validate-document.ts'

/**
 * Reads JSON or YAML of OpenAPI 3 or Swagger 2.0. What does not follow the specification is read as it is meant, and
 * noted. Throws a `SpecError` with line, column and reason for what cannot be read at all.
 */
export async function readDocument(text: string): Promise<OpenApiDocument> {
  const { main, others } = splitFiles(text)
  const { value, placeOf, doubled } = readSource(main)
  const root = bounded(value, placeOf)
  const { overlook, notes } = makeOverlooked(placeOf)
  const isSwagger = readVersion(root, placeOf, overlook)
  bundleFiles(root, others, isSwagger)
  const missingFiles = removeLooseReferences(root, overlook)
  mendSchemas(root, isSwagger, overlook)
  mendOperations(root, isSwagger, overlook)
  await tellFaults(root, overlook)
  const said = doubled
    .slice(0, MAX_DOUBLED)
    .map(
      ({ name, place }) =>
        `Line ${place.line}: the key ${JSON.stringify(name.slice(0, 60))} is there twice: objects are read as one, and of other values the later counts.`,
    )
  if (doubled.length > MAX_DOUBLED) said.push(`${doubled.length - MAX_DOUBLED} more keys are there twice.`)
  const document = {
    root: isSwagger ? fromSwagger(root, placeOf) : root,
    placeOf: isSwagger ? placeInSwagger(placeOf) : placeOf,
    notes: [],
  }
  const examples = makeOverlooked(document.placeOf)
  dropWrongExamples(document.root, makeResolve(document), examples.overlook)
  const whole = {
    ...document,
    notes: [
      ...(isSwagger ? ['The document is Swagger 2.0: it was converted to OpenAPI 3.0 first.'] : []),
      ...said,
      ...notes(),
      ...examples.notes(),
    ],
  }
  return completePaths(whole, missingFiles)
}

const MAX_DOUBLED = 20

/** Whether it is Swagger 2.0. Writes the version as the specification does. */
function readVersion(
  root: Node,
  placeOf: PlaceOf,
  overlook: ReturnType<typeof makeOverlooked>['overlook'],
): boolean {
  const { swagger, openapi } = root
  if (openapi === undefined && swagger !== undefined && /^2(\.0)*$/.test(String(swagger))) {
    if (swagger !== '2.0')
      overlook(['swagger'], `the version ${JSON.stringify(swagger)} is read as "2.0"`, 'swagger version')
    root['swagger'] = '2.0'
    return true
  }
  const version = openapi ?? swagger
  const minor = /^v?3(?:\.(\d))?/.exec(String(version))?.[1]
  if (version === undefined || !/^v?3/.test(String(version))) {
    const at = openapi === undefined && swagger !== undefined ? 'swagger' : 'openapi'
    throw new SpecError(
      `Its version is ${JSON.stringify(version)}; Swagger 2.0 and OpenAPI 3.0 and 3.1 are supported.`,
      {
        code: 'spec_unsupported',
        place: placeOf([at]),
        hint: 'Write the version as text, such as openapi: "3.1.0".',
      },
    )
  }
  const isUsual = typeof openapi === 'string' && /^3\.[01]\.\d+/.test(openapi)
  const read = isUsual ? openapi : minor === undefined || minor === '0' ? '3.0.3' : '3.1.0'
  if (!isUsual)
    overlook(
      [openapi === undefined ? 'swagger' : 'openapi'],
      `the version ${JSON.stringify(version)} is read as ${JSON.stringify(read)}`,
      'openapi version',
    )
  delete root['swagger']
  root['openapi'] = read
  return false
}
