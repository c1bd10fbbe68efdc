import { describe, expect, it } from 'vitest'
import type { Blueprint, CustomOperation } from '#contract'
import { keptRows } from '../../codegen/testing/kept-rows.ts'
import { lintBlueprint } from '../lint-blueprint.ts'
import { crudMismatch } from './crud.ts'

const faultOf = (id: string, change: (operation: CustomOperation, blueprint: Blueprint) => void) => {
  const blueprint = structuredClone(keptRows)
  const operation = blueprint.operations.find((one) => one.id === id)!
  change(operation, blueprint)
  return crudMismatch(operation, blueprint)
}
const properties = (operation: CustomOperation) =>
  operation.body?.kind === 'object' ? operation.body.properties : []

describe('an operation that keeps rows', () => {
  it('is sound where the request, the row and the answer fit', () => {
    expect(lintBlueprint(keptRows).diagnostics).toEqual([])
  })

  it('is about a row that the request names', () => {
    expect(faultOf('showPet', ({ implementation }) => (implementation!.row = null))).toMatch(/which row/)
    expect(faultOf('showPet', ({ implementation }) => (implementation!.row!.property = 'tag'))).toMatch(
      /does not tell one row from another/,
    )
    expect(
      faultOf('dropPet', ({ params }) => (params[0]!.shape = { kind: 'boolean', nullable: false })),
    ).toMatch(/another type than id/)
  })

  it('puts every part of its path to use', () => {
    expect(faultOf('addPet', ({ implementation }) => (implementation!.scope = []))).toBe(
      'storeCode in the path is no property of a row',
    )
  })

  it('is given what a new row must have', () => {
    const fault = faultOf('addPet', (operation) => (properties(operation)[0]!.required = false))
    expect(fault).toBe('a row must have name, and the body may leave it out')
    expect(
      faultOf(
        'addPet',
        (operation) => (properties(operation)[0]!.shape = { kind: 'integer', nullable: false }),
      ),
    ).toBe('name has another type in the body than in a row')
  })

  it('answers what a row has', () => {
    const total = { name: 'total', shape: { kind: 'number' as const, nullable: false }, required: true }
    const fault = faultOf('showPet', ({ responses }) => {
      if (responses.success.kind === 'json' && responses.success.shape.kind === 'object')
        responses.success.shape.properties.push(total)
    })
    expect(fault).toBe('total is answered and not kept')
    expect(faultOf('listPetsOfStore', ({ implementation }) => implementation!.answer.pop())).toBe(
      'nothing is known to go into has_more',
    )
  })

  it('never makes or changes accounts', () => {
    const account = (_: CustomOperation, blueprint: Blueprint) => {
      blueprint.auth = { kind: 'jwt', account: 'Owner' }
    }
    expect(faultOf('dropOwner', account)).toMatch(/accounts are made by registering/)
  })

  it('stops the design where it does not fit', () => {
    const blueprint = structuredClone(keptRows)
    blueprint.operations[0]!.implementation!.entity = 'Nobody'
    const found = lintBlueprint(blueprint).diagnostics.map(({ code, severity }) => `${code} ${severity}`)
    expect(found).toContain('crud.mismatch error')
  })
})
