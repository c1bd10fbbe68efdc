import { propertyKey } from '../../../../codegen/encode/property.ts'
import { literal } from '../../../../codegen/encode/typescript.ts'
import { openProperties } from '../../resource.ts'
import { hasInvalidValue, invalidValueOf } from '../sample-code.ts'
import { type Writer, test } from './writer.ts'

export function invalidBodyTest(writer: Writer, method: string, url: string, ...before: string[]): string {
  const properties = openProperties(writer.resource)
  const wrong = properties
    .filter(hasInvalidValue)
    .map((property) => `${propertyKey(property.name)}: ${literal(invalidValueOf(property))}`)
  return test(
    'rejects invalid values and unknown properties',
    writer.server,
    ...before,
    `const body = ${writer.body()};`,
    `const wrong = { ${[...wrong, 'unknownProperty: 1'].join(', ')} };`,
    `for (const [property, value] of Object.entries(wrong)) {
      const response = await server.send('${method}', ${url}, { ...body, [property]: value });
      assert.equal(response.statusCode, 400, property);
      assert.equal(response.json().error.details[0].path, property);
    }`,
  )
}
