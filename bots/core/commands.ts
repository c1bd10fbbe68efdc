import { JobId } from '#contract'

/** What a person can say after the command's name or to the bot, the same in every chat. */
export type Command =
  | { readonly kind: 'generate'; readonly prompt: string }
  /** Nothing was said: a form asks. */
  | { readonly kind: 'form' }
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  /** `jobId` is as it was typed and may be no job's; null stands for the one that is meant here. */
  | { readonly kind: 'status' | 'cancel' | 'retry'; readonly jobId: string | null }

export const COMMAND_NAME = '/generate-backend'

/** Said to a bot in passing; nobody wants a backend of that name. */
const SMALL_TALK = /^(hi|hello|hey|hallo|thanks|thank you|thx|ok|okay|cool|great|nice|test|ping)$/

/**
 * A subcommand stands alone, or has one job id after it; whatever else begins with such a word is a prompt
 * ("list of books api", "cancel culture tracker app"). Quotation marks make anything a prompt.
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

/** An id, a mistyped id, or an id in a link or in code marks; null for an ordinary word. */
function asJobId(word: string): string | null {
  const bare = word.replaceAll(/[<>`"']/g, '').toLowerCase()
  const id = /(?:^|\/jobs\/)([0-9a-z]+)\/?$/.exec(bare)?.[1] ?? ''
  if (JobId.safeParse(id).success) return id
  // Ids begin with a digit 0 for the next centuries; no word does.
  return /^0[0-9a-z]{5,}$/.test(id) ? id : null
}
