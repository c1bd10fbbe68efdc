import { LogLevel, type Logger as BoltLogger } from '@slack/bolt'
import type { Logger } from '#lib/log'
import { redactSecrets } from './error-summary.ts'

/**
 * Adapts Bolt's logger. Bolt's debug level is dropped, since it contains whole events with user text; its info level
 * becomes debug, since connection changes are logged elsewhere.
 */
export function makeBoltLog(log: Logger): BoltLogger {
  const words = (parts: readonly unknown[]) =>
    redactSecrets(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' '))
  return {
    debug() {},
    info: (...parts) => log.debug({}, words(parts)),
    warn: (...parts) => log.warn({}, words(parts)),
    error: (...parts) => log.warn({}, words(parts)),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  }
}
