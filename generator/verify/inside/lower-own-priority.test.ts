import { expect, it } from 'vitest'
import { lowerOwnPriority } from './lower-own-priority.mts'

const systemAt = (niceness: number) => {
  const set: number[] = []
  return { set, getPriority: () => niceness, setPriority: (to: number) => void set.push(to) }
}

it.each([
  [0, 5],
  [5, 10],
  [15, 19],
  // `nice -n 19 npm run worker`
  [19, 19],
])('a process at niceness %i runs at %i', (niceness, expected) => {
  const system = systemAt(niceness)
  lowerOwnPriority(5, system)
  expect(system.set).toEqual([expected])
})

it('goes on where the system permits no change', () => {
  const denied = () => {
    throw new Error('EACCES')
  }
  expect(() => lowerOwnPriority(5, { getPriority: () => 0, setPriority: denied })).not.toThrow()
})
