import { JobId } from '#contract'

/** The commands, the same in every chat: after the slash command or in a message to the bot. */
export type Command =
  | { readonly kind: 'generate'; readonly prompt: string }
  /** No arguments: open the form. */
  | { readonly kind: 'form' }
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  /** `jobId` is unvalidated user input; null means the default job in this context. */
  | { readonly kind: 'status' | 'cancel' | 'retry'; readonly jobId: string | null }

export const COMMAND_NAME = '/generate-backend'

/** Small talk, which is not a description of a backend. */
const SMALL_TALK = /^(hi|hello|hey|hallo|thanks|thank you|thx|ok|okay|cool|great|nice|test|ping)$/

/**
 * A subcommand is a single word, optionally followed by a job ID. Any other text that starts with such a word is a prompt
 * ("list of books api", "cancel culture tracker app"). Text in quotation marks is always a prompt.
 */
export function parseCommand(text: string): Command {
  const input = text.trim()
  if (input === '') return { kind: 'form' }
  const quoted = /^(["“'`])([\s\S]*)(["”'`])$/.exec(input)?.[2]?.trim()
  if (quoted) return { kind: 'generate', prompt: quoted }

  const [first = '', ...rest] = input.split(/\s+/)
  const word = first.toLowerCase().replace(/[?!.]+$/, '')
  if (rest.length === 0) {
    switch (word) {
      case 'help':
      case '':
        return { kind: 'help' }
      case 'list':
        return { kind: 'list' }
      case 'status':
      case 'cancel':
      case 'retry':
        return { kind: word, jobId: null }
    }
  }
  const jobId = rest.length === 1 ? asJobId(rest[0]!) : null
  if (jobId !== null && (word === 'status' || word === 'cancel' || word === 'retry'))
    return { kind: word, jobId }
  if (SMALL_TALK.test(input.toLowerCase().replace(/[?!.]+$/, ''))) return { kind: 'help' }
  return { kind: 'generate', prompt: input }
}

/** A job ID, possibly mistyped or inside a link or backticks; null for an ordinary word. */
function asJobId(word: string): string | null {
  const bare = word.replaceAll(/[<>`"']/g, '').toLowerCase()
  const id = /(?:^|\/jobs\/)([0-9a-z]+)\/?$/.exec(bare)?.[1] ?? ''
  if (JobId.safeParse(id).success) return id
  // IDs start with 0 (the timestamp's high bits); words do not.
  return /^0[0-9a-z]{5,}$/.test(id) ? id : null
}
