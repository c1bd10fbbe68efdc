import { describe, expect, it } from 'vitest'
import type { Blueprint, Field, Shape } from '#contract'
import { todoWithComplete } from '../../codegen/testing/operations.ts'
import { bodyLimit, handlerTimeoutMs } from './limits.ts'
import { makeModel } from './model.ts'
import type { Client } from './services.ts'

const MIB = 1024 * 1024
const limitOf = (blueprint: Blueprint) => bodyLimit(makeModel(blueprint))

function withFields(lengths: readonly number[]): Blueprint {
  const [first, ...others] = todoWithComplete.entities
  const fields = lengths.map((maxLength, at): Field => ({
    name: `part${at}`,
    label: `Part ${at}`,
    type: { kind: 'string', maxLength },
    required: false,
    unique: false,
  }))
  return { ...todoWithComplete, entities: [{ ...first!, fields: [...first!.fields, ...fields] }, ...others] }
}

function withBody(body: Shape): Blueprint {
  const [first, ...others] = todoWithComplete.operations
  return { ...todoWithComplete, operations: [{ ...first!, body }, ...others] }
}

describe('the limit of bodies', () => {
  it('is 1 MiB where the fields are small', () => {
    expect(limitOf(todoWithComplete)).toBe(MIB)
  })

  it('lets the largest body in that the fields allow, however its characters are written', () => {
    const lengths = Array<number>(20).fill(100_000)
    // The longest way to write a character is an escape.
    const body = Object.fromEntries(lengths.map((length, at) => [`part${at}`, '\u0001'.repeat(length)]))
    const bytes = Buffer.byteLength(JSON.stringify(body))
    expect(limitOf(withFields(lengths))).toBeGreaterThan(bytes)
    expect(limitOf(withFields(lengths))).toBeLessThan(bytes + 3 * MIB)
  })

  it('counts what an operation takes', () => {
    const items: Shape = { kind: 'string', max: 1000, nullable: false }
    const body: Shape = { kind: 'array', items, max: 1000, nullable: false }
    const bytes = Buffer.byteLength(JSON.stringify(Array(1000).fill('\u0001'.repeat(1000))))
    expect(limitOf(withBody(body))).toBeGreaterThan(bytes)
    expect(limitOf(withBody(body))).toBeLessThan(bytes + 2 * MIB)
  })

  it('has an end, whatever a document allows', () => {
    const items: Shape = { kind: 'string', max: 100_000, nullable: false }
    expect(limitOf(withBody({ kind: 'array', items, max: 1_000_000, nullable: false }))).toBe(32 * MIB)
  })
})

describe('the time that a handler has', () => {
  const limit = (timeoutMs: number, retries: number) =>
    handlerTimeoutMs({ clients: [{ timeoutMs, retries } as Client] })

  it('is two minutes where no service is slow', () => {
    expect(handlerTimeoutMs({ clients: [] })).toBe(120_000)
    expect(limit(10_000, 3)).toBe(120_000)
  })

  it('outlasts the slowest service with all its tries', () => {
    expect(limit(60_000, 3)).toBeGreaterThan(4 * 60_000)
  })
})
