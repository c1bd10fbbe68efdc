import { setTimeout as sleep } from 'node:timers/promises'
import { STAGES } from '#contract'
import { FAULT_MODES, type ChaosBucket } from './bucket.ts'
import type { ChaosChat } from './chat.ts'
import type { Rng } from './rng.ts'
import type { ManagedProcess } from './processes.ts'
import type { ChaosRedis } from './redis.ts'

/** What happened, in order: `at` is in milliseconds since 1970. */
export type InjectedFault = { readonly at: number; readonly what: string; readonly stage: string | null }

type Deps = {
  readonly dice: Rng
  readonly workers: readonly ManagedProcess[]
  /** Null where the worker is in the same process. */
  readonly api: ManagedProcess | null
  readonly redis: ChaosRedis | null
  readonly chats: readonly ChaosChat[]
  readonly openai: { bad(share: number): void }
  /** Null where jobs are kept in a folder. */
  readonly bucket: Pick<ChaosBucket, 'weather'> | null
  /** Calls back whenever a job enters a stage. */
  readonly onStage: (listener: (stage: string) => void) => void
  readonly pauseMs: readonly [number, number]
  readonly log: (line: string) => void
}

/** One blow after the other until the signal; then everything is in order again. Gives what happened. */
export async function injectFaults(deps: Deps, signal: AbortSignal): Promise<InjectedFault[]> {
  const { dice, workers, api, redis, chats, openai, bucket, log } = deps
  /** Where a worker can be killed: in each stage of the pipeline, and while it talks to a chat. */
  const moments = [...STAGES, ...chats.flatMap(({ deliveries }) => deliveries)]
  const blows: InjectedFault[] = []
  const rising: Promise<void>[] = []
  const hits = new Map<string, number>(moments.map((moment) => [moment, 0]))
  let entered: (moment: string) => void = () => {}
  deps.onStage((stage) => entered(stage))
  for (const chat of chats) chat.onCall((what) => entered(what))
  const note = (what: string, stage: string | null = null) => {
    blows.push({ at: Date.now(), what, stage })
    log(stage === null ? what : `${what} in ${stage}`)
  }

  /** At the next moment of the kind that was hit least often so far, or at any when it does not come. */
  async function killWorker(): Promise<void> {
    const fewest = Math.min(...hits.values())
    const wanted = dice.oneOf(moments.filter((moment) => hits.get(moment) === fewest))
    const { promise, resolve } = Promise.withResolvers<string>()
    let last = 'nothing'
    entered = (moment) => {
      last = moment
      if (moment === wanted) resolve(moment)
    }
    await Promise.race([promise, sleep(4_000, undefined, { signal }).catch(() => {})])
    entered = () => {}
    const moment = last
    // Whoever has nothing to do is hit to no purpose, and is perhaps only starting.
    if (moment === 'nothing') return
    hits.set(moment, (hits.get(moment) ?? 0) + 1)
    const both = dice.hits(0.3)
    const victims = both ? workers : [dice.oneOf(workers)]
    for (const victim of victims) note(`kill -9 ${victim.name}`, moment)
    // A worker takes seconds to start; the storm does not wait.
    for (const victim of victims) rising.push(victim.kill(dice.between(0, 1_500)))
  }

  const deeds: [weight: number, deed: () => Promise<void>][] = [
    [6, killWorker],
    [
      1,
      async () => {
        const worker = dice.oneOf(workers)
        note(`SIGTERM ${worker.name}`)
        rising.push(restart(worker))
      },
    ],
    [
      2,
      async () => {
        const share = dice.oneOf([0, 0.3, 0.6])
        const chat = dice.oneOf(chats)
        note(`${chat.name} fails ${share * 100} %`)
        chat.failRate(share)
      },
    ],
    [
      2,
      async () => {
        const share = dice.oneOf([0, 0.2, 0.4])
        note(`OpenAI fails ${share * 100} %`)
        openai.bad(share)
      },
    ],
  ]
  if (bucket !== null)
    deeds.push([
      4,
      async () => {
        const weather = dice.oneOf(FAULT_MODES)
        note(`S3: ${weather}`)
        bucket.weather(weather)
      },
    ])
  if (api !== null)
    deeds.push([
      2,
      async () => {
        const hard = dice.hits(0.6)
        note(hard ? 'kill -9 api' : 'SIGTERM api')
        if (hard) rising.push(api.kill(dice.between(0, 1_500)))
        else await api.restart()
      },
    ])
  if (redis !== null)
    deeds.push(
      [
        1,
        async () => {
          const signalName = dice.oneOf(['SIGKILL', 'SIGTERM'] as const)
          note(`${signalName} redis`)
          await redis.stop(signalName)
          await sleep(dice.between(100, 3_000))
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

  const total = deeds.reduce((sum, [weight]) => sum + weight, 0)
  while (!signal.aborted) {
    let ticket = dice.next() * total
    const [, deed] = deeds.find(([weight]) => (ticket -= weight) < 0) ?? deeds[0]!
    await deed()
    await sleep(dice.between(...deps.pauseMs), undefined, { signal }).catch(() => {})
  }
  for (const chat of chats) chat.failRate(0)
  openai.bad(0)
  bucket?.weather('fine')
  await Promise.all(rising)
  return blows
}
