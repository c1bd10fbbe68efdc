import { oneOf, wholeNumber } from '#lib/env'
import { DOCUMENT_LIMITS } from './designers/import/document-limits.ts'
import { readModelConfig } from './llm/config.ts'
import { DEFAULT_LIMITS, verifyLimits } from './verify/limits.ts'

/** Variables of a program that generates: read them with its own. */
export const GENERATOR_VARIABLES = {
  REVIEW: oneOf(['1', '0'], '1'),
  SANDBOX: oneOf(['auto', 'bubblewrap', 'none'], 'auto'),
  SANDBOX_SECONDS: wholeNumber(10, 3600, DEFAULT_LIMITS.seconds),
  SANDBOX_MEMORY_MB: wholeNumber(512, 65_536, DEFAULT_LIMITS.memoryMb),
  SANDBOX_PROCESSES: wholeNumber(32, 4096, DEFAULT_LIMITS.processes),
  SANDBOX_DISK_MB: wholeNumber(16, 16_384, DEFAULT_LIMITS.diskMb),
  SANDBOX_OUTPUT_KB: wholeNumber(16, 65_536, DEFAULT_LIMITS.outputKb),
  MAX_DOCUMENT_TABLES: wholeNumber(1, 1000, DOCUMENT_LIMITS.maxTables),
  MAX_DOCUMENT_OPERATIONS: wholeNumber(1, 2000, DOCUMENT_LIMITS.maxOperations),
  MUTANTS: oneOf(['0', '1'], '1'),
  PLAN_WAIT_HOURS: wholeNumber(1, 168, 24),
  MUTANTS_SECONDS: wholeNumber(1, 3600, 30),
}

type Values = {
  readonly REVIEW: '1' | '0'
  readonly SANDBOX: 'auto' | 'bubblewrap' | 'none'
  readonly SANDBOX_SECONDS: number
  readonly SANDBOX_MEMORY_MB: number
  readonly SANDBOX_PROCESSES: number
  readonly SANDBOX_DISK_MB: number
  readonly SANDBOX_OUTPUT_KB: number
  readonly MAX_DOCUMENT_TABLES: number
  readonly MAX_DOCUMENT_OPERATIONS: number
  readonly MUTANTS: '0' | '1'
  readonly PLAN_WAIT_HOURS: number
  readonly MUTANTS_SECONDS: number
}

export type GeneratorConfig = ReturnType<typeof generatorConfig>

/** Throws a `ConfigError` that names every invalid variable of the model. */
export function generatorConfig(values: Values, env: Readonly<Record<string, string | undefined>>) {
  return {
    review: values.REVIEW === '1',
    sandbox: values.SANDBOX,
    limits: verifyLimits({
      seconds: values.SANDBOX_SECONDS,
      memoryMb: values.SANDBOX_MEMORY_MB,
      processes: values.SANDBOX_PROCESSES,
      diskMb: values.SANDBOX_DISK_MB,
      outputKb: values.SANDBOX_OUTPUT_KB,
    }),
    documents: {
      maxTables: values.MAX_DOCUMENT_TABLES,
      maxOperations: values.MAX_DOCUMENT_OPERATIONS,
    },
    planWaitMs: values.PLAN_WAIT_HOURS * 3_600_000,
    /** Null: tests are not tested. */
    mutants: values.MUTANTS === '0' ? null : { budgetMs: values.MUTANTS_SECONDS * 1000 },
    model: readModelConfig(env),
  }
}
