/** A question that was put to the model: whose, which of the two, by whom, and what became of the answer. */
export type ModelCall = {
  readonly marker: string
  readonly kind: 'design' | 'code'
  /** The program that asked, and which of its processes: 1 for the first, one more after each start. */
  readonly caller: string
  readonly life: number
  readonly at: number
  /** `whole`: all of it was sent. `lost`: the caller was gone before its end. `refused`: at no cost, on purpose. */
  fate: 'whole' | 'lost' | 'refused' | 'open'
  endedAt: number
}

/** A process that was killed. `kept` is what the store held of each job once it was gone and could write no more. */
export type KilledProcess = {
  readonly caller: string
  readonly life: number
  readonly at: number
  readonly kept: ReadonlySet<string>
}

/** The checkpoints in which an answer is kept, by what was asked. */
const KEPT_AS = { design: /^design-call\./, code: /^(write|repair)\./ } as const

/** Numbers what happens in its order; no clock is precise enough for that on a busy machine. */
export function makeOrder(): () => number {
  let at = 0
  return () => ++at
}

/**
 * The answers to one question of which none excuses another: more than one was paid without need. An answer is excused
 * where its caller was killed before the store had it, and nobody else asked the same until then.
 */
export function unexcusedCalls(
  answers: readonly ModelCall[],
  deaths: readonly KilledProcess[],
  jobId: string | undefined,
): ModelCall[] {
  return answers.filter((answer) => {
    const death = deaths.find(({ caller, life }) => caller === answer.caller && life === answer.life)
    if (death === undefined) return true
    const isKept = [...death.kept].some((path) => {
      const [job, name = ''] = path.split('/')
      return job === jobId && KEPT_AS[answer.kind].test(name)
    })
    const isShared = answers.some(
      (other) => other !== answer && other.at < death.at && other.endedAt > answer.at,
    )
    return isKept || isShared
  })
}
