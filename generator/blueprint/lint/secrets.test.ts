import { describe, expect, it } from 'vitest'
import { blueprint, entity, field } from '../../codegen/testing/blueprints.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

const clients = (operations: ('list' | 'read' | 'create')[]) =>
  blueprint(
    'clients',
    [
      entity('Client', {
        fields: [
          field('name', 'string', { required: true }),
          field('apiKey', 'string'),
          field('tokenCount', 'integer'),
          field('secretaryName', 'string'),
        ],
        indexes: [{ properties: ['apiKey'], unique: false }],
        operations,
      }),
    ],
    { seeds: [{ name: 'first', entity: 'Client', values: { name: 'A', apiKey: 'x' }, links: [] }] },
  )

describe('a secret', () => {
  it('is no property of rows that routes answer, and is said', () => {
    const { blueprint: linted, diagnostics } = lintBlueprint(clients(['list', 'create']))
    expect(diagnostics).toMatchObject([
      { code: 'field.secret', severity: 'fixed', what: 'apiKey of Client looks like a secret.' },
    ])
    const [client] = linted.entities
    expect(client!.fields.map(({ name }) => name)).toEqual(['name', 'tokenCount', 'secretaryName'])
    expect(client).not.toHaveProperty('indexes')
    expect(linted.seeds[0]!.values).toEqual({ name: 'A' })
  })

  it('stays where only operations use the rows', () => {
    const { blueprint: linted, diagnostics } = lintBlueprint(clients([]))
    expect(diagnostics).toEqual([])
    expect(linted.entities[0]!.fields).toHaveLength(4)
  })
})
