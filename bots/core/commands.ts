import { JobId, type HolderKind } from '#contract'

/** The commands, the same in every chat: after the slash command or in a message to the bot. */
export type Command =
  | { readonly kind: 'generate'; readonly prompt: string }
  /** No arguments: open the form. */
  | { readonly kind: 'form' }
  | { readonly kind: 'help' }
  /** A greeting or thanks. */
  | { readonly kind: 'small_talk' }
  | { readonly kind: 'list' }
  /** Of the place where it is used, unless it says whose. */
  | { readonly kind: 'settings'; readonly of: HolderKind }
  /** `jobId` is unvalidated user input; null means the default job in this context. */
  | { readonly kind: 'status' | 'cancel' | 'retry'; readonly jobId: string | null }

export const COMMAND_NAME = '/generate-backend'

/** Words around a subcommand that change nothing: "cancel it, please". */
const FILLER = new Set('please pls plz kindly now thanks it this that the my job jobs backend'.split(' '))

const SETTINGS_OF: Readonly<Record<string, HolderKind>> = {
  channel: 'channel',
  workspace: 'workspace',
  server: 'workspace',
  me: 'person',
  mine: 'person',
}

/** A message of these words alone is small talk and describes no backend. */
const SMALL_TALK = new Set(
  (
    'hi hello hey hallo howdy yo there bot everyone all good morning afternoon evening day thanks thank you thx ty ' +
    'cheers ok okay k cool great nice perfect awesome amazing super lovely sweet wow lol yes yep yeah no nope sure ' +
    'got it so very much a lot again test testing ping nice work well done for that this is looks good how are'
  ).split(' '),
)

/** Questions about the bot itself. */
const ABOUT_THE_BOT =
  /^(?:so |and )?(?:what (?:can|do|does) (?:you|this|it|this bot|the bot) do|who are you|what are you|what is this|what's this|how (?:do|does|can) (?:i|you|we|this|it|this bot|the bot) (?:work|use (?:you|this|it)|start|get started)|can you help(?: me)?|(?:i )?need help|help me|what are (?:the|your) commands|what commands are there)(?: please| here| for me)?$/

/**
 * A subcommand is a single word, optionally with a job ID and polite words. Any other text that starts with such a word is
 * a prompt ("list of books api", "cancel culture tracker app"). Text in quotation marks is always a prompt.
 */
export function parseCommand(text: string): Command {
  const input = text.trim()
  if (input === '') return { kind: 'form' }
  const quoted = /^(["“'`])([\s\S]*)(["”'`])$/.exec(input)?.[2]?.trim()
  if (quoted) return { kind: 'generate', prompt: quoted }

  const bare = input.toLowerCase().replaceAll('’', "'")
  const words = bare.split(/\s+/).map((word) => word.replace(/[?!.,;:]+$/, ''))
  const [word = '', ...rest] = withoutRequest(words).filter((one, at) => at === 0 || !FILLER.has(one))
  const jobId = rest.length === 1 ? asJobId(rest[0]!) : null
  if (rest.length === 0 || jobId !== null) {
    switch (word) {
      case '':
      case 'help':
        if (jobId === null) return { kind: 'help' }
        break
      case 'list':
        if (jobId === null) return { kind: 'list' }
        break
      case 'stop':
      case 'abort':
        return { kind: 'cancel', jobId }
      case 'status':
      case 'cancel':
      case 'retry':
        return { kind: word, jobId }
    }
  }
  const of = rest.length > 1 ? undefined : SETTINGS_OF[rest[0] ?? 'channel']
  if (word === 'settings' && of !== undefined) return { kind: 'settings', of }
  const sentence = words.join(' ')
  if (ABOUT_THE_BOT.test(sentence)) return { kind: 'help' }
  if (words.every((one) => SMALL_TALK.has(one) || /^[^\p{L}\p{N}]*$/u.test(one)))
    return { kind: 'small_talk' }
  return { kind: 'generate', prompt: input }
}

/** "please cancel", "can you cancel" and "what's the status" without what comes before the subcommand. */
const withoutRequest = (words: readonly string[]): readonly string[] =>
  words
    .join(' ')
    .replace(/^(?:please |pls |(?:can|could) (?:you|we) |what(?:'s| is) (?:the |its )?(?=status))+/, '')
    .split(' ')

/** A job ID, possibly mistyped or inside a link or backticks; null for an ordinary word. */
function asJobId(word: string): string | null {
  const bare = word.replaceAll(/[<>`"']/g, '').toLowerCase()
  const id = /(?:^|\/jobs\/)([0-9a-z]+)\/?$/.exec(bare)?.[1] ?? ''
  if (JobId.safeParse(id).success) return id
  // IDs start with 0 (the timestamp's high bits); words do not.
  return /^0[0-9a-z]{5,}$/.test(id) ? id : null
}
