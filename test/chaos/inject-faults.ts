import { setTimeout as sleep } from 'node:timers/promises'
import { STAGES } from '#contract'
import { FAULT_MODES, type ChaosBucket } from './bucket.ts'
import type { ChaosChat } from './chat.ts'
import type { Rng } from './rng.ts'
import type { ManagedProcess } from './processes.ts'
import type { ChaosRedis } from './redis.ts'

/** An injected fault; `at` is in milliseconds since 1970. */
export type InjectedFault = { readonly at: number; readonly what: string; readonly stage: string | null }

type Deps = {
  readonly rng: Rng
  readonly workers: readonly ManagedProcess[]
  /** Null when the worker runs in the same process. */
  readonly api: ManagedProcess | null
  readonly redis: ChaosRedis | null
  readonly chats: readonly ChaosChat[]
  readonly openai: { setFailureRate(share: number): void }
  /** Null when jobs are stored in a folder. */
  readonly bucket: Pick<ChaosBucket, 'setFaultMode'> | null
  /** Calls the listener whenever a job enters a stage. */
  readonly onStage: (listener: (stage: string) => void) => void
  /** Calls the listener at each decision on a plan. */
  readonly onDecision: (listener: () => void) => void
  readonly pauseMs: readonly [number, number]
  readonly log: (line: string) => void
}

const DECISION = 'a decision on a plan'

/** Injects faults until the signal, then restores everything. Returns the injected faults. */
export async function injectFaults(deps: Deps, signal: AbortSignal): Promise<InjectedFault[]> {
  const { rng, workers, api, redis, chats, openai, bucket, log } = deps
  /** When a worker can be killed: in each stage of the pipeline, when a plan is decided, and during chat calls. */
  const moments = [...STAGES, DECISION, ...chats.flatMap(({ deliveries }) => deliveries)]
  const injected: InjectedFault[] = []
  const restarts: Promise<void>[] = []
  const hits = new Map<string, number>(moments.map((moment) => [moment, 0]))
  let entered: (moment: string) => void = () => {}
  deps.onStage((stage) => entered(stage))
  deps.onDecision(() => entered(DECISION))
  for (const chat of chats) chat.onCall((what) => entered(what))
  const note = (what: string, stage: string | null = null) => {
    injected.push({ at: Date.now(), what, stage })
    log(stage === null ? what : `${what} in ${stage}`)
  }

  /** At the next moment of the least frequent kind so far, or at any after a timeout. */
  async function killWorker(): Promise<void> {
    const fewest = Math.min(...hits.values())
    const wanted = rng.oneOf(moments.filter((moment) => hits.get(moment) === fewest))
    const { promise, resolve } = Promise.withResolvers<string>()
    let last = 'nothing'
    entered = (moment) => {
      last = moment
      if (moment === wanted) resolve(moment)
    }
    await Promise.race([promise, sleep(4_000, undefined, { signal }).catch(() => {})])
    entered = () => {}
    const moment = last
    // An idle worker is not worth killing, and may still be starting.
    if (moment === 'nothing') return
    hits.set(moment, (hits.get(moment) ?? 0) + 1)
    const both = rng.hits(0.3)
    const targets = both ? workers : [rng.oneOf(workers)]
    for (const target of targets) note(`kill -9 ${target.name}`, moment)
    // A worker takes seconds to start; do not wait for it.
    for (const target of targets) restarts.push(target.kill(rng.between(0, 1_500)))
  }

  const faults: [weight: number, inject: () => Promise<void>][] = [
    [6, killWorker],
    [
      1,
      async () => {
        const worker = rng.oneOf(workers)
        note(`SIGTERM ${worker.name}`)
        restarts.push(restart(worker))
      },
    ],
    [
      2,
      async () => {
        const share = rng.oneOf([0, 0.3, 0.6])
        const chat = rng.oneOf(chats)
        note(`${chat.name} fails ${share * 100} %`)
        chat.setFailureRate(share)
      },
    ],
    [
      2,
      async () => {
        const share = rng.oneOf([0, 0.2, 0.4])
        note(`OpenAI fails ${share * 100} %`)
        openai.setFailureRate(share)
      },
    ],
  ]
  if (bucket !== null)
    faults.push([
      4,
      async () => {
        const mode = rng.oneOf(FAULT_MODES)
        note(`S3: ${mode}`)
        bucket.setFaultMode(mode)
      },
    ])
  if (api !== null)
    faults.push([
      2,
      async () => {
        const hard = rng.hits(0.6)
        note(hard ? 'kill -9 api' : 'SIGTERM api')
        if (hard) restarts.push(api.kill(rng.between(0, 1_500)))
        else await api.restart()
      },
    ])
  if (redis !== null)
    faults.push(
      [
        1,
        async () => {
          const signalName = rng.oneOf(['SIGKILL', 'SIGTERM'] as const)
          note(`${signalName} redis`)
          await redis.stop(signalName)
          await sleep(rng.between(100, 3_000))
          await redis.start()
        },
      ],
      [
        2,
        async () => {
          note('redis drops every connection')
          await redis.drop()
        },
      ],
    )

  async function restart(worker: ManagedProcess): Promise<void> {
    const code = await worker.restart()
    if (code !== 0 && code !== null) note(`${worker.name} ended with ${code}`)
  }

  const total = faults.reduce((sum, [weight]) => sum + weight, 0)
  while (!signal.aborted) {
    let ticket = rng.next() * total
    const [, inject] = faults.find(([weight]) => (ticket -= weight) < 0) ?? faults[0]!
    await inject()
    await sleep(rng.between(...deps.pauseMs), undefined, { signal }).catch(() => {})
  }
  for (const chat of chats) chat.setFailureRate(0)
  openai.setFailureRate(0)
  bucket?.setFaultMode('fine')
  await Promise.all(restarts)
  return injected
}
