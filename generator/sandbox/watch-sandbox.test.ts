import { expect, test } from 'vitest'
import type { ChosenSandbox } from './choose-sandbox.ts'
import { watchSandbox } from './watch-sandbox.ts'
import { makeUnsandboxed } from './unsandboxed.ts'

const chosen = (over: Partial<ChosenSandbox>): ChosenSandbox => ({
  tier: 'static',
  description: '',
  undecided: false,
  selfTest: null,
  memoryBound: null,
  pick: () => ({ tier: 'static', tools: makeUnsandboxed(), reason: 'no sandbox' }),
  ...over,
})
const both = { tier: 'bubblewrap', tools: makeUnsandboxed(), project: makeUnsandboxed() } as const
const busy = chosen({ undecided: true })
const works = chosen({ tier: 'bubblewrap', pick: () => both })

/** Gives each of these in turn, and fails when it is asked more often. */
function script(...results: readonly (ChosenSandbox | Error)[]) {
  const left = [...results]
  const seen: string[] = []
  const last = Promise.withResolvers<void>()
  return {
    seen,
    /** Once the last result was given and seen. */
    done: last.promise,
    input: {
      choose: async () => {
        const next = left.shift()
        if (next === undefined) throw new Error('asked once more than expected')
        if (next instanceof Error) throw next
        return next
      },
      onChosen: ({ tier }: ChosenSandbox) => {
        seen.push(tier)
        if (left.length === 0) last.resolve()
      },
      onError: (error: unknown) => void seen.push(String(error)),
      againMs: 1,
      signal: AbortSignal.timeout(120_000),
    },
  }
}

test('a worker that started on a busy machine gets its sandbox later, without a restart', async () => {
  const { input, seen, done } = script(busy, busy, new Error('no room'), works)
  await using kept = await watchSandbox(input)
  expect(kept.current().tier).toBe('static')
  expect(kept.pick([]).tier).toBe('static')
  await done
  expect(kept.current().tier).toBe('bubblewrap')
  expect(kept.pick([]).tier).toBe('bubblewrap')
  expect(seen).toEqual(['static', 'static', 'Error: no room', 'bubblewrap'])
})

test.each([works, chosen({})])('a conclusive choice is not retried', async (first) => {
  const { input, seen } = script(first)
  await using kept = await watchSandbox(input)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(kept.current()).toBe(first)
  expect(seen).toEqual([first.tier])
})

test('stops retrying when disposed', async () => {
  const { input, seen } = script(busy)
  const kept = await watchSandbox({ ...input, againMs: 60_000 })
  await kept[Symbol.asyncDispose]()
  expect(seen).toEqual(['static'])
})
