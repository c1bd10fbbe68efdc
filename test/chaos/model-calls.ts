/** A call to the model: its job, kind, caller and fate. */
export type ModelCall = {
  readonly marker: string
  readonly kind: 'design' | 'code' | `change ${number}`
  /** The calling program, and the number of its process, starting at 1. */
  readonly caller: string
  readonly life: number
  readonly at: number
  /** `whole`: all of it was sent. `lost`: the caller disconnected. `refused`: rejected on purpose, at no cost. */
  fate: 'whole' | 'lost' | 'refused' | 'open'
  endedAt: number
}

/** A killed process. `kept` is the content of the store after it exited. */
export type KilledProcess = {
  readonly caller: string
  readonly life: number
  readonly at: number
  readonly kept: ReadonlySet<string>
}

/** Checkpoints that store a response, and how many there are of them once this call has one. */
function keptAs(kind: ModelCall['kind']): { readonly names: RegExp; readonly count: number } {
  if (kind === 'code') return { names: /^(write|repair)\./, count: 1 }
  // The first is the design that is changed.
  return { names: /^design-call\./, count: kind === 'design' ? 1 : Number(kind.slice('change '.length)) + 1 }
}

/** Sequence numbers for events; clocks are too imprecise on a busy machine. */
export function makeOrder(): () => number {
  let at = 0
  return () => ++at
}

/**
 * Responses to the same call that were paid for without need, if more than one. A repeated call is excused when its caller
 * was killed before the store had the response, and no other call for the same was in flight.
 */
export function unexcusedCalls(
  answers: readonly ModelCall[],
  killed: readonly KilledProcess[],
  jobId: string | undefined,
): ModelCall[] {
  return answers.filter((answer) => {
    const kill = killed.find(({ caller, life }) => caller === answer.caller && life === answer.life)
    if (kill === undefined) return true
    const { names, count } = keptAs(answer.kind)
    const kept = [...kill.kept].filter((path) => {
      const [job, name = ''] = path.split('/')
      return job === jobId && names.test(name)
    })
    const isKept = kept.length >= count
    const isShared = answers.some(
      (other) => other !== answer && other.at < kill.at && other.endedAt > answer.at,
    )
    return isKept || isShared
  })
}
