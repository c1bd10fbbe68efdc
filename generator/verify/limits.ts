import type { ProjectFile } from '../ports.ts'
import type { RunLimits } from '../sandbox/ports.ts'
import { MAX_DOCUMENT, type RunStage } from './runner-messages.ts'

export type VerifyLimits = {
  /** Milliseconds that a stage of the run may take before everything is killed. */
  readonly stageMs: { readonly [stage in RunStage]: number }
  /** Milliseconds that one test may take, so that a hanging test is found long before its stage times out. */
  readonly testMs: number
  /** For the run as a whole. */
  readonly run: RunLimits
  /** For the type-check. */
  readonly types: RunLimits
}

/** Limits of one run, in the units of the settings. */
export type LimitSettings = {
  /** Seconds of wall clock. */
  readonly seconds: number
  /** Megabytes for all processes and the writable disk together. */
  readonly memoryMb: number
  /** Processes and threads at the same time. */
  readonly processes: number
  /** Megabytes of the writable disk, which is memory. */
  readonly diskMb: number
  /** Kilobytes of output that are kept, of stdout and stderr each. */
  readonly outputKb: number
}

/** Generous against a busy machine: a project that works needs a tenth of the memory and a hundredth of the time. */
export const DEFAULT_LIMITS: LimitSettings = {
  seconds: 120,
  memoryMb: 1500,
  processes: 128,
  diskMb: 128,
  outputKb: 1000,
}

/** Share of the run's time that each stage may take. They sum to more than 1, since no run needs the maximum of each. */
const STAGE_SHARES = {
  boot: 1 / 6,
  health: 1 / 12,
  openapi: 1 / 12,
  conformance: 1 / 4,
  tests: 1 / 2,
  shutdown: 1 / 10,
} as const
/** Of one test: as much as a start. A test that works takes a hundredth of it. */
const TEST_SHARE = STAGE_SHARES.boot

export function verifyLimits(settings: LimitSettings): VerifyLimits {
  const wallMs = settings.seconds * 1000
  const stage = (name: RunStage) => Math.round(wallMs * STAGE_SHARES[name])
  const run: RunLimits = {
    wallMs,
    // Of one process, on all processors together.
    cpuSeconds: settings.seconds,
    memoryBytes: settings.memoryMb * 1_000_000,
    processes: settings.processes,
    fileBytes: Math.ceil(settings.diskMb / 2) * 1_000_000,
    openFiles: 1024,
    scratchBytes: settings.diskMb * 1_000_000,
    outputBytes: settings.outputKb * 1000,
    // The project's own document comes over it too.
    resultBytes: settings.outputKb * 2000 + 2 * MAX_DOCUMENT,
  }
  return {
    stageMs: {
      boot: stage('boot'),
      health: stage('health'),
      openapi: stage('openapi'),
      conformance: stage('conformance'),
      tests: stage('tests'),
      shutdown: stage('shutdown'),
    },
    testMs: Math.round(wallMs * TEST_SHARE),
    run,
    types: { ...run, wallMs: wallMs / 2, scratchBytes: 1_000_000 },
  }
}

export const VERIFY_LIMITS: VerifyLimits = verifyLimits(DEFAULT_LIMITS)

/**
 * In characters: what the limits are made for. Projects of one to ten tables have 100,000 to 500,000, one of a hundred
 * tables 2 to 6 million.
 */
const USUAL_LENGTH = 500_000
/** Time limits grow at most by this factor, whatever the project's size. */
const MOST_GROWTH = 8

/**
 * Scales time limits with the size of a project that is larger than usual. Files that a model wrote do not count: what
 * is limited must not set its own limit.
 */
export function limitsFor(
  limits: VerifyLimits,
  files: readonly Pick<ProjectFile, 'content' | 'origin'>[],
): VerifyLimits {
  const length = files.reduce(
    (sum, { content, origin }) => sum + (origin === 'model' ? 0 : content.length),
    0,
  )
  const growth = Math.min(MOST_GROWTH, Math.max(1, length / USUAL_LENGTH))
  if (growth === 1) return limits
  // Whole seconds, as they stand in sentences.
  const grown = (ms: number) => Math.ceil((ms * growth) / 1000) * 1000
  const longer = (run: RunLimits): RunLimits => ({
    ...run,
    wallMs: grown(run.wallMs),
    cpuSeconds: Math.ceil(run.cpuSeconds * growth),
  })
  const { boot, health, openapi, conformance, tests, shutdown } = limits.stageMs
  return {
    stageMs: {
      boot: grown(boot),
      health: grown(health),
      openapi: grown(openapi),
      conformance: grown(conformance),
      tests: grown(tests),
      shutdown: grown(shutdown),
    },
    testMs: grown(limits.testMs),
    run: longer(limits.run),
    types: longer(limits.types),
  }
}
