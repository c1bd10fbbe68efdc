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

describe('a CRUD operation', () => {
  it('is valid if the request, the row and the response match', () => {
    expect(lintBlueprint(keptRows).diagnostics).toEqual([])
  })

  it('identifies its row in the request', () => {
    expect(faultOf('showPet', ({ implementation }) => (implementation!.row = null))).toMatch(
      /not identify a row/,
    )
    expect(faultOf('showPet', ({ implementation }) => (implementation!.row!.property = 'tag'))).toMatch(
      /does not identify a row/,
    )
    expect(
      faultOf('dropPet', ({ params }) => (params[0]!.shape = { kind: 'boolean', nullable: false })),
    ).toMatch(/and id have different types/)
  })

  it('uses every path parameter', () => {
    expect(faultOf('addPet', ({ implementation }) => (implementation!.scope = []))).toBe(
      'storeCode in the path is not a property of a row',
    )
  })

  it('takes every required property of a new row', () => {
    const fault = faultOf('addPet', (operation) => (properties(operation)[0]!.required = false))
    expect(fault).toBe('a row requires name, but it is optional in the body')
    expect(
      faultOf(
        'addPet',
        (operation) => (properties(operation)[0]!.shape = { kind: 'integer', nullable: false }),
      ),
    ).toBe('name has different types in the body and in a row')
  })

  it('returns properties of a row', () => {
    const total = { name: 'total', shape: { kind: 'number' as const, nullable: false }, required: true }
    const fault = faultOf('showPet', ({ responses }) => {
      if (responses.success.kind === 'json' && responses.success.shape.kind === 'object')
        responses.success.shape.properties.push(total)
    })
    expect(fault).toBe('total is in the response but not stored')
    expect(faultOf('listPetsOfStore', ({ implementation }) => implementation!.answer.pop())).toBe(
      'no value is known for has_more',
    )
  })

  it('never makes or changes accounts', () => {
    const account = (_: CustomOperation, blueprint: Blueprint) => {
      blueprint.auth = { kind: 'jwt', account: 'Owner' }
    }
    expect(faultOf('dropOwner', account)).toMatch(/accounts are created by registration/)
  })

  it('is an error of the design if it does not match', () => {
    const blueprint = structuredClone(keptRows)
    blueprint.operations[0]!.implementation!.entity = 'Nobody'
    const found = lintBlueprint(blueprint).diagnostics.map(({ code, severity }) => `${code} ${severity}`)
    expect(found).toContain('crud.mismatch error')
  })
})
