import { env } from 'node:process'

/**
 * Set by `npm run soak`: every case of the suites that are many of a kind. Without it they take a choice of theirs, so that
 * the gate stays within its time.
 */
export const EVERYTHING = env['TEST_EVERYTHING'] === '1'
