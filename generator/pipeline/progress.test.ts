import { describe, expect, it } from 'vitest'
import type { Progress } from '#contract'
import { trackProgress } from './progress.ts'

function track() {
  const announced: Progress[] = []
  let clock = Date.parse('2026-01-02T03:04:05.000Z')
  const tracker = trackProgress({ attempt: 2, announce: (p) => announced.push(p), now: () => clock })
  return { announced, tracker, pass: (ms: number) => (clock += ms) }
}

describe('progress of an attempt', () => {
  it('shows a stage active while it runs, then done with what came of it and its times', async () => {
    const { announced, tracker, pass } = track()
    await tracker.stage(
      'design',
      async () => pass(1500),
      () => '3 entities',
    )
    const steps = announced.map((progress) => progress.steps.find((step) => step.stage === 'design'))
    expect(steps).toEqual([
      {
        stage: 'design',
        status: 'active',
        startedAt: '2026-01-02T03:04:05.000Z',
        finishedAt: null,
        detail: null,
      },
      {
        stage: 'design',
        status: 'done',
        startedAt: '2026-01-02T03:04:05.000Z',
        finishedAt: '2026-01-02T03:04:06.500Z',
        detail: '3 entities',
      },
    ])
    expect(tracker.timings).toEqual({ design: 1500 })
  })

  it('marks the stage that threw, and lets the error through', async () => {
    const { tracker } = track()
    const fault = new Error('no')
    await expect(tracker.stage('render', () => Promise.reject(fault), String)).rejects.toBe(fault)
    expect(tracker.snapshot().steps.find((step) => step.stage === 'render')?.status).toBe('failed')
  })

  it('never falls back, and ends at a hundred', async () => {
    const { announced, tracker } = track()
    for (const stage of [
      'intake',
      'design',
      'lint',
      'render',
      'write',
      'verify',
      'repair',
      'review',
      'mutants',
      'pack',
    ] as const) {
      await tracker.stage(stage, async () => tracker.detail('busy'), String)
    }
    const percents = announced.map((progress) => progress.percent)
    expect(percents).toEqual([...percents].sort((a, b) => a - b))
    expect(tracker.finish()).toMatchObject({ percent: 100, stage: null, attempt: 2 })
  })

  it('gives the reason of a stage that had nothing to do', () => {
    const { announced, tracker } = track()
    tracker.skip('repair', 'nothing to repair')
    expect(announced.at(-1)?.steps).toContainEqual({
      stage: 'repair',
      status: 'skipped',
      startedAt: null,
      finishedAt: null,
      detail: 'nothing to repair',
    })
  })
})
