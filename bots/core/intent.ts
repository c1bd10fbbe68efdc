/** What a message that is no command asks for, as far as its words say. */
export type Intent = 'build' | 'unsure'

/** Longer texts are descriptions, whatever they begin with. */
const MAX_QUESTION = 200

/** Words before what matters. */
const LEAD = /^(?:(?:hey|hi|hello|ok|okay|so|and|but|also|please|well|now|thanks)[,!. ]+)+/

/** “Can you add …”, “I'd like …”, “should have …”: asks for something to be made or changed. */
const ASKS_TO_BUILD =
  /^(?:(?:can|could|would|will) (?:you|we|i) (?:please |also |just |maybe )*(?!explain|tell|show me|help|say|describe)[a-z]|(?:i|we)(?:'d| would)? (?:want|need|like)\b|let's |lets )/

const QUESTION_WORD =
  /^(?:what|which|who|whose|why|how|when|where)(?:'s|'re)?\s+(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|much|many|long|far|about|to|kind|happens|happened|if)\b|^(?:what|who|where|how|why)(?:'s|'re)\b|^(?:why|how come|any idea|any news|any update)\b/

const HEDGE =
  /^(?:i think|i guess|i wonder|i'm not sure|i am not sure|not sure|maybe|perhaps|hmm+|btw|fyi|wondering|just wondering|what if|looks like|seems|lol|haha)\b/

/**
 * Whether to build at once, or to ask: a question may be about a job or the bot, and a remark may be for other people.
 * Being asked costs a tap, and a job that nobody wanted costs money.
 */
export function intentOf(message: string): Intent {
  const text = message.trim().toLowerCase().replaceAll('’', "'").replace(LEAD, '')
  if (text.length > MAX_QUESTION || text.includes('\n')) return 'build'
  if (ASKS_TO_BUILD.test(text)) return 'build'
  if (QUESTION_WORD.test(text) || HEDGE.test(text)) return 'unsure'
  // One sentence that ends with a question mark.
  return /^[^.!?]*\?+$/.test(text) ? 'unsure' : 'build'
}
