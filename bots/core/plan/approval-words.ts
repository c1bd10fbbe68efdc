/** Words that approve a plan when a message has no others. */
const APPROVALS = new Set([
  'approve', 'approved', 'approve it', 'i approve', 'go', 'go ahead', 'go for it', 'ok go', 'okay go', 'yes', 'yes go',
  'yes please', 'yep', 'yeah', 'lgtm', 'looks good', 'looks good to me', 'looks great', 'ship it', 'build it', 'build',
  'do it', 'start', 'proceed', 'ok build it', 'yes build it', 'yes do it', 'sounds good', 'perfect go', 'all good go',
]) // prettier-ignore

/** Around them these change nothing: "ok, go ahead please". */
const FILLER =
  /^(?:ok|okay|great|nice|cool|perfect|good|thanks|please|alright)\s+|\s+(?:please|thanks|now|then)$/

/** Whether a message approves the plan that waits in its thread, and says nothing else. */
export function isApproval(said: string): boolean {
  let words = said
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  for (;;) {
    if (APPROVALS.has(words)) return true
    const shorter = words.replace(FILLER, '').trim()
    if (shorter === words) return false
    words = shorter
  }
}
