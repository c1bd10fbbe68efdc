import { oneOf } from './env.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'

/** What every program is told about its log, to be read with its other settings. */
export const LOG_VARIABLES = {
  LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
  LOG_PROMPTS: oneOf(['0', '1'], '0'),
}

export type LogConfig = { readonly level: LogLevel; readonly prompts: boolean }

export const logConfig = (values: {
  readonly LOG_LEVEL: LogLevel
  readonly LOG_PROMPTS: '0' | '1'
}): LogConfig => ({ level: values.LOG_LEVEL, prompts: values.LOG_PROMPTS === '1' })
