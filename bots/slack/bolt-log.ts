import { LogLevel, type Logger as BoltLogger } from '@slack/bolt'
import type { Logger } from '#lib/log'
import { redactSecrets } from './error-summary.ts'

/**
 * Bolt's log in ours. What Bolt calls debug is left out: it holds whole deliveries, with what people wrote. Its chatter
 * is our debug; that a connection comes and goes is said by whoever keeps it.
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
