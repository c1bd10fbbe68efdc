import { describe, expect, it } from 'vitest'
import { unexcusedCalls, type KilledProcess, type ModelCall } from './model-calls.ts'

const JOB = 'job'
const asked = (caller: string, life: number, at: number, endedAt: number): ModelCall => ({
  marker: 'marker-1',
  kind: 'design',
  caller,
  life,
  at,
  fate: 'whole',
  endedAt,
})
const died = (caller: string, life: number, at: number, ...kept: string[]): KilledProcess => ({
  caller,
  life,
  at,
  kept: new Set(kept),
})

describe('an answer of the model that was paid again', () => {
  const first = asked('worker-1', 1, 1, 2)
  const second = asked('worker-2', 1, 5, 6)

  it('is excused where its caller was killed before it was kept', () => {
    expect(unexcusedCalls([first, second], [died('worker-1', 1, 3)], JOB)).toEqual([second])
  })

  it('is excused where it was still on its way', () => {
    const onItsWay = asked('worker-1', 1, 1, 4)
    expect(unexcusedCalls([onItsWay, second], [died('worker-1', 1, 3)], JOB)).toEqual([second])
  })

  it.each([
    ['nobody was killed', []],
    ['another program was killed', [died('api', 1, 3)]],
    ['another process of the program was killed', [died('worker-1', 2, 3)]],
    ['it was kept by then', [died('worker-1', 1, 3, `${JOB}/design-call.abc.json`)]],
  ])('is not where %s', (_, deaths) => {
    expect(unexcusedCalls([first, second], deaths, JOB)).toEqual([first, second])
  })

  it('is excused where only another answer, or that of another job, was kept', () => {
    const kept = [`${JOB}/account.json`, `${JOB}/write.abc.json`, 'other/design-call.abc.json']
    expect(unexcusedCalls([first, second], [died('worker-1', 1, 3, ...kept)], JOB)).toEqual([second])
  })

  it('is about its own change of a plan, which is kept beside the design', () => {
    const [once, again] = [first, second].map((call) => ({ ...call, kind: 'change 1' as const }))
    const design = `${JOB}/design-call.abc.json`
    const change = `${JOB}/design-call.def.json`
    const excused = unexcusedCalls([once!, again!], [died('worker-1', 1, 3, design)], JOB)
    expect(excused).toEqual([again])
    const kept = unexcusedCalls([once!, again!], [died('worker-1', 1, 3, design, change)], JOB)
    expect(kept).toEqual([once, again])
  })

  it('is not where two workers asked at once, although one was killed later', () => {
    const deaths = [died('worker-1', 1, 7)]
    expect(unexcusedCalls([first, second], deaths, JOB)).toEqual([first, second])
    const overlapping = asked('worker-2', 1, 2, 9)
    const long = asked('worker-1', 1, 1, 5)
    expect(unexcusedCalls([long, overlapping], [died('worker-1', 1, 6)], JOB)).toEqual([long, overlapping])
  })
})
