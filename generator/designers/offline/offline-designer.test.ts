import { describe, expect, it } from 'vitest'
import { callContext } from '../../testing/call-context.ts'
import type { Intent } from '../designer.ts'
import { makeOfflineDesigner } from './offline-designer.ts'

const context = callContext()
const intent: Intent = { prompt: 'Tasks with a title and a due date.', spec: null, options: {} }

describe('the offline designer', () => {
  it('designs a Blueprint from plain English without a model or cost', async () => {
    const design = await makeOfflineDesigner().design(intent, context)
    expect(design.blueprint.entities.map(({ name }) => name)).toEqual(['Task'])
    expect(design.model).toBeNull()
    expect(context.account.spent()).toMatchObject({ calls: 0, costUsd: 0 })
    expect(design.notUnderstood).toEqual([])
  })

  it('reports that it cannot read an attached document', async () => {
    const { notUnderstood } = await makeOfflineDesigner().design(
      { ...intent, spec: 'Dear generator, the rest is in this letter.' },
      context,
    )
    expect(notUnderstood).toEqual([expect.stringMatching(/attached document.*neither OpenAPI 3 nor SQL/)])
  })

  it('uses the name and authentication of the options', async () => {
    const options = { name: 'Night Shift', auth: 'jwt' } as const
    const { blueprint } = await makeOfflineDesigner().design({ ...intent, options }, context)
    expect(blueprint).toMatchObject({ name: 'night-shift', auth: { kind: 'jwt' } })
  })

  it('gives a hint if the prompt has no entities', async () => {
    await expect(makeOfflineDesigner().design({ ...intent, prompt: '???' }, context)).rejects.toMatchObject({
      code: 'nothing_readable',
    })
  })

  it('does not start when aborted', async () => {
    const reason = new Error('cancelled')
    const stopped = { ...context, signal: AbortSignal.abort(reason) }
    await expect(makeOfflineDesigner().design(intent, stopped)).rejects.toBe(reason)
  })
})
