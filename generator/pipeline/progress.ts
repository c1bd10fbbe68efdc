import { addLogFields } from '#lib/log-fields'
import { STAGES, type Progress, type Stage, type Step } from '#contract'

/**
 * Progress when a stage begins. Verification takes most of the time, as does a design by a model; the other stages take
 * milliseconds.
 */
const PERCENT_AT_START: Record<Stage, number> = {
  intake: 1,
  design: 3,
  lint: 25,
  render: 28,
  write: 30,
  verify: 50,
  repair: 80,
  review: 84,
  mutants: 88,
  pack: 92,
}

/**
 * Tracks the steps of one attempt and announces every change. `announce` is not awaited: a slow queue must not delay the
 * work, and only the latest state matters.
 */
export function trackProgress(options: {
  readonly attempt: number
  readonly announce: (progress: Progress) => void
  readonly now: () => number
  /** Around the work of each stage. */
  readonly during?: <T>(stage: Stage, work: () => Promise<T>) => Promise<T>
}) {
  const { attempt, announce, now, during = (_stage, work) => work() } = options
  const steps = new Map<Stage, Step>(
    STAGES.map((stage) => [
      stage,
      { stage, status: 'pending', startedAt: null, finishedAt: null, detail: null },
    ]),
  )
  const timings: Partial<Record<Stage, number>> = {}
  let stage: Stage | null = null
  let percent = 0

  const change = (at: Stage, step: Partial<Step>) => {
    steps.set(at, { ...steps.get(at)!, ...step })
    announce(snapshot())
  }
  const snapshot = (): Progress => ({ percent, stage, steps: [...steps.values()], attempt })
  const iso = () => new Date(now()).toISOString()

  return {
    snapshot,
    timings,

    /** Runs a stage: active until it resolves, then done with the line that `describe` returns for its result. */
    async stage<T>(name: Stage, work: () => Promise<T>, describe: (result: T) => string): Promise<T> {
      const begun = now()
      stage = name
      addLogFields({ stage: name })
      percent = PERCENT_AT_START[name]
      change(name, { status: 'active', startedAt: iso() })
      try {
        const result = await during(name, work)
        timings[name] = now() - begun
        change(name, { status: 'done', finishedAt: iso(), detail: describe(result) })
        return result
      } catch (error) {
        timings[name] = now() - begun
        change(name, { status: 'failed', finishedAt: iso() })
        throw error
      }
    },

    /** What the active stage is doing, in a few words. */
    detail(text: string) {
      if (stage) change(stage, { detail: text })
    },

    /** The same for work that may begin before its stage does. Until then nobody waits for it. */
    detailOf: (name: Stage) => (text: string) => {
      if (stage === name) change(name, { detail: text })
    },

    /** Goes on from the stages of an earlier run that waited for a decision. */
    restore(earlier: Pick<Progress, 'percent' | 'steps'>) {
      for (const step of earlier.steps) {
        steps.set(step.stage, step)
        if (step.startedAt !== null && step.finishedAt !== null)
          timings[step.stage] = Date.parse(step.finishedAt) - Date.parse(step.startedAt)
      }
      percent = earlier.percent
      announce(snapshot())
    },

    skip(name: Stage, reason: string) {
      change(name, { status: 'skipped', detail: reason })
    },

    finish() {
      stage = null
      percent = 100
      return snapshot()
    },
  }
}
export type Tracker = ReturnType<typeof trackProgress>
