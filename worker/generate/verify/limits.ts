import type { RunLimits } from './ports.ts'
import type { RunStage } from './runner-messages.ts'

export type VerifyLimits = {
  /** Milliseconds that a stage of the run may take before everything is killed. */
  readonly stageMs: { readonly [stage in RunStage]: number }
  /** For the run as a whole. */
  readonly run: RunLimits
  /** For the type-check. */
  readonly types: RunLimits
}

const base: RunLimits = {
  wallMs: 120_000,
  cpuSeconds: 90,
  memoryBytes: 2_000_000_000,
  processes: 128,
  fileBytes: 64_000_000,
  openFiles: 1024,
  scratchBytes: 128_000_000,
  outputBytes: 1_000_000,
  resultBytes: 2_000_000,
}

/** Generous against a busy machine: a project that works needs about a hundredth of these. */
export const VERIFY_LIMITS: VerifyLimits = {
  stageMs: { boot: 20_000, health: 10_000, openapi: 10_000, tests: 60_000, shutdown: 12_000 },
  run: base,
  types: { ...base, wallMs: 60_000, scratchBytes: 1_000_000 },
}
