/** Progress is written down wherever it goes, so it comes in steps. */
const STEP = 100

/** Sums the growing counts of several answers, and tells of every hundred tokens more. */
export function countTokens(tell: (tokens: number) => void) {
  const counts: number[] = []
  let told = 0
  return {
    /** Tells where it stands, whatever it is. */
    tell: () => tell(told),
    /** For one more answer: takes its tokens so far. */
    stream(): (tokens: number) => void {
      const index = counts.push(0) - 1
      return (tokens) => {
        // A call that is repeated counts from zero again.
        counts[index] = Math.max(counts[index] ?? 0, tokens)
        const sum = counts.reduce((total, one) => total + one, 0)
        if (sum - told < STEP) return
        told = sum - (sum % STEP)
        tell(told)
      }
    },
  }
}
