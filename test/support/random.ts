/**
 * The fixed seed of all random tests, so that results only depend on the change under test. `npm run soak` sets other
 * seeds and more runs.
 */
export const SEED = Number(process.env['TEST_SEED'] ?? 20_261)
const MORE = Number(process.env['TEST_RUNS'] ?? 1)

/** Number of runs of a property; `quick` in a quick run. */
export const runs = (quick: number): number => Math.ceil(quick * MORE)
