import * as fc from 'fast-check'
import { configProperty, type ConfigValue } from '#contract'

/** Up to five configuration values of every type, with and without defaults, some named like keywords. */
export function arbitraryConfig(wild: fc.Arbitrary<string>): fc.Arbitrary<ConfigValue[]> {
  const value = (type: ConfigValue['type']): fc.Arbitrary<string | number | boolean | undefined> => {
    switch (type) {
      case 'integer':
        return fc.integer()
      case 'number':
        return fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)
      case 'boolean':
        return fc.boolean()
      case 'url':
        return fc.constantFrom('https://a.example', 'http://localhost:8080/v1?x=$y')
      case 'string':
        return wild
      case 'secret':
        return fc.constant(undefined)
    }
  }
  const one = fc
    .constantFrom<ConfigValue['type'][]>('string', 'integer', 'number', 'boolean', 'url', 'secret')
    .chain((type) =>
      fc.record({
        name: fc.constantFrom(
          'MAX_LOANS',
          'CLASS',
          'DEFAULT',
          'S3_2_KEY',
          'VALUES',
          'Z',
          'PARTNER_TOKEN',
          'LOG',
        ),
        type: fc.constant(type),
        description: wild,
        default: fc.option(value(type), { nil: undefined }),
        example: fc.option(value(type), { nil: undefined }),
      }),
    )
    .map(
      (made) =>
        Object.fromEntries(Object.entries(made).filter(([, given]) => given !== undefined)) as ConfigValue,
    )
  return fc.uniqueArray(one, { maxLength: 5, selector: configProperty })
}
