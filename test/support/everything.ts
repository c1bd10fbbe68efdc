import { env } from 'node:process'

/**
 * Set by `npm run soak`: runs every case of the large parameterized suites. Otherwise they run a selection, to stay within
 * the time limit.
 */
export const EVERYTHING = env['TEST_EVERYTHING'] === '1'
