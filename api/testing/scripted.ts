import type { Jobs } from '#queue/producer/jobs'
import type { JobStore } from '#store/job-store'

type Methods = { [K in keyof Jobs & string as `jobs.${K}`]: Jobs[K] } & {
  [K in keyof JobStore & string as `store.${K}`]: JobStore[K]
}
type AnyFunction = (...args: never[]) => unknown

/** One expected call and what it does, such as `{ 'jobs.view': async () => null }`; it checks its own arguments. */
export type ScriptStep = { readonly [K in keyof Methods]?: Methods[K] }

/**
 * A queue and a store that follow a script: each call must be the next step, in order. `done` throws when a call
 * came that was not expected, or when a step is left over.
 */
export function scripted(steps: readonly ScriptStep[]) {
  const left = steps.flatMap((step) => Object.entries(step))
  const faults: Error[] = []

  const call = (name: string, args: readonly unknown[]) => {
    const step = left.shift()
    if (step?.[0] === name) return (step[1] as (...args: readonly unknown[]) => unknown)(...args)
    const fault = new Error(
      `${name} was called, but ${step ? `${step[0]} was expected` : 'the script is over'}.`,
    )
    faults.push(fault)
    throw fault
  }
  const double = <T extends object>(room: string): T =>
    new Proxy({} as Record<string, AnyFunction>, {
      get: (_target, method) =>
        typeof method === 'string' && method !== 'then'
          ? (...args: readonly unknown[]) => call(`${room}.${method}`, args)
          : undefined,
    }) as T

  return {
    jobs: double<Jobs>('jobs'),
    store: double<JobStore>('store'),
    done(): void {
      if (faults.length > 0) throw new AggregateError(faults, faults.map((fault) => fault.message).join('\n'))
      if (left.length > 0) throw new Error(`Never called: ${left.map(([name]) => name).join(', ')}.`)
    },
  }
}
