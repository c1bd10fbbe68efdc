import { expect, it } from 'vitest'
import { projectKind } from './field-kinds.ts'

it('says above zero, not from 5e-324', () => {
  const kind = projectKind({ kind: 'number', min: Number.MIN_VALUE, max: 99.99999999999999 })
  expect(kind.schema('z', String)).toBe('z.number().gt(0).lt(100)')
  expect(kind.fromText?.bounds).toBe('.gt(0).lt(100)')
  expect(kind.words).toBe('number above 0 below 100')
  expect(projectKind({ kind: 'number', min: 0, max: 0.1 }).schema('z', String)).toBe(
    'z.number().min(0).max(0.1)',
  )
})
