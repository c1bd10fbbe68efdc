/** Progress is stored with each event, so it is reported in steps. */
const STEP = 100

/** Sums the growing token counts of several streams and reports every hundred tokens. */
export function makeTokenProgress(onTokens: (tokens: number) => void) {
  const counts: number[] = []
  let reported = 0
  return {
    /** Reports the present sum, whether it has changed or not. */
    report: () => onTokens(reported),
    /** Adds a stream; call the result with its tokens so far. */
    stream(): (tokens: number) => void {
      const index = counts.push(0) - 1
      return (tokens) => {
        // A retried call counts from zero again.
        counts[index] = Math.max(counts[index] ?? 0, tokens)
        const sum = counts.reduce((total, one) => total + one, 0)
        if (sum - reported < STEP) return
        reported = sum - (sum % STEP)
        onTokens(reported)
      }
    },
  }
}
