import { expect, it } from 'vitest'
import { designOffline } from '../design-offline.ts'
import { allDomains } from './index.ts'

it.each(allDomains().map((domain) => [domain.core, domain] as const))(
  'the domain of %s gives a clean design with examples of its own',
  (_core, domain) => {
    for (const template of domain.templates.values()) {
      const { blueprint, assumptions } = designOffline({ prompt: `Entities: ${template.name}`, auth: 'jwt' })
      expect(blueprint.entities.some(({ name }) => name === template.name)).toBe(true)
      // The linter would say that an example or a default did not fit.
      expect(assumptions.filter((said) => /example|default/i.test(said))).toEqual([])
      expect(template.fields.every(({ example }) => example !== null)).toBe(true)
    }
    expect(
      domain.entities.every(
        (name) => domain.templates.has(name) || allDomains().some((other) => other.templates.has(name)),
      ),
    ).toBe(true)
  },
)
