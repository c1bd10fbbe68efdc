import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { designFromDocument } from '../import/design-from-document.ts'
import { detectSpec } from '../import/detect-spec.ts'
import { SpecError } from '../import/spec-error.ts'
import { designOffline } from '../offline/design-offline.ts'
import { DesignError } from '../offline/design-error.ts'
import type { WorstCase } from './worst-case.ts'

/**
 * How long this thread computes, in milliseconds. What others do on the machine is not counted, but what they do to the
 * caches and the clock of the processor is: compare the least of several.
 */
export async function cpuOf(work: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** Reads, designs and lints, to a Blueprint or a sentence. Gives how it ended. */
export async function readWorstCase({ kind, text }: WorstCase, size: number): Promise<string> {
  const given = text(size)
  try {
    if (kind !== 'prompt' && detectSpec(given) === null) return 'no document'
    const { blueprint } =
      kind === 'prompt'
        ? designOffline({ prompt: given })
        : await designFromDocument({ prompt: 'build it', spec: given, options: {} })
    lintBlueprint(blueprint)
    return 'designed'
  } catch (error) {
    if (error instanceof SpecError || error instanceof DesignError) return error.message
    throw error
  }
}

/**
 * How the work of reading grows with the document: 1 where twice the text takes twice the time, 2 where it takes four
 * times. 0 where there is too little to measure. Growth of `MOST_GROWTH` or more is measured again, since a busy machine can
 * slow one of the two: what really grows does so each time.
 */
export async function growthOf(worst: WorstCase, size: number): Promise<number> {
  let [small, large] = [Infinity, Infinity]
  // Of some, the text grows faster than the size: tables that all refer to each other.
  const longer = worst.text(size).length / worst.text(Math.ceil(size / 4)).length
  for (let attempt = 1; ; attempt++) {
    large = Math.min(large, await cpuOf(() => readWorstCase(worst, size)))
    small = Math.min(small, await cpuOf(() => readWorstCase(worst, Math.ceil(size / 4))))
    const growth = growthFrom(small, large, longer)
    if (growth < MOST_GROWTH || attempt === ATTEMPTS) return growth
  }
}

const ATTEMPTS = 4

/** Between linear growth and quadratic. */
export const MOST_GROWTH = 1.6

const growthFrom = (small: number, large: number, longer: number): number =>
  large < FLOOR_MS ? 0 : Math.log(large / Math.max(small, FLOOR_MS / 4)) / Math.log(longer)

/** Less than this is the cost of starting, not of the size. */
const FLOOR_MS = 250
