/**
 * Where every random test begins: the same in each run, so that a change is judged by what it changes. `npm run soak`
 * sets others, and more of them.
 */
export const SEED = Number(process.env['TEST_SEED'] ?? 20_261)
const MORE = Number(process.env['TEST_RUNS'] ?? 1)

/** How often a property is tried, where a quick run tries it `quick` times. */
export const runs = (quick: number): number => Math.ceil(quick * MORE)
