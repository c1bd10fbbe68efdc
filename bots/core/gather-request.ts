import type { InboundChat } from './inbound-chat.ts'
import { FILE_PROMPT, NOTHING_TO_BUILD, NO_FILE } from './messages.ts'
import type { AttachedFile, MessagePayload } from './payloads.ts'
import { makeReply, text, type Reply } from './reply.ts'
import { SPEC_TYPES, SpecFileError, TEXT_TYPES, extensionOf } from './spec-file.ts'

/** What is quoted in a prompt, in characters: the API takes 20,000 in all. */
const QUOTE_BUDGET = 12_000

/** “Build this”, “please make what we discussed”: the description is elsewhere. */
const REFERENCE =
  /^(?:(?:please|ok|okay|so|now|and|let's|lets|just|go ahead and|can you|could you)[, ]+)*(?:build|make|create|generate|implement|do)\s+(?:this|that|it|these|what (?:we|they|i|you|was|is|has been)\b.*|(?:from )?(?:the|this) (?:above|thread|discussion|conversation|message|file)s?.*|everything (?:above|here|we)\b.*)(?:[, ]+(?:please|now|here|thread|discussion|for me|for us|above))*\s*[.!]*$/i

export type Gathered =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | {
      readonly kind: 'request'
      readonly prompt: string
      readonly file: AttachedFile | null
      /** Files that the document refers to. */
      readonly otherFiles: readonly AttachedFile[]
      /** What was read and what was not; null where that goes without saying. */
      readonly note: Reply | null
    }

type Quote = { readonly from: string; readonly text: string }

/**
 * The whole request of a message: its words, its files, messages that it shares, and for “build this” the thread that it
 * stands in. One document becomes the spec; everything else is quoted, as far as it fits.
 */
export async function gatherRequest<Target, Destination>(
  chat: Pick<InboundChat<Target, Destination>, 'readSpec' | 'readMessages' | 'log' | 'errorSummary'>,
  message: MessagePayload<Target, Destination>,
  { words, isRefinement, readsThread }: { words: string; isRefinement: boolean; readsThread: boolean },
): Promise<Gathered> {
  const files = [...message.files, ...message.shared.flatMap((shared) => shared.files)]
  const quotes: Quote[] = message.shared.flatMap(({ text: content }) =>
    content === '' ? [] : [{ from: 'a shared message', text: content }],
  )
  const unread: string[] = []
  const { spec, referredTo } = isRefinement
    ? { spec: null, referredTo: [] }
    : await chooseSpec(files, (file) => chat.readSpec(file))
  const others = files.filter((file) => file !== spec && !referredTo.includes(file))
  // A single file that is none is refused with a reason, as for a command.
  if (isRefinement && files.length > 0 && !files.some(isText)) return { kind: 'reply', reply: NO_FILE }

  for (const file of others) {
    const name = file.name ?? 'a file'
    try {
      const content = await chat.readSpec(file, [...TEXT_TYPES, ...SPEC_TYPES])
      if (content.length > QUOTE_BUDGET) unread.push(`${name} (longer than a prompt can hold)`)
      else quotes.push({ from: name, text: content.trim() })
    } catch (error) {
      if (!(error instanceof SpecFileError)) throw error
      unread.push(`${name} (${isReadable(file) ? 'it could not be fetched' : 'not a text file'})`)
    }
  }

  const refers = words === '' || REFERENCE.test(words)
  let thread: readonly string[] = []
  if (refers && words !== '' && files.length === 0 && quotes.length === 0 && !isRefinement) {
    thread =
      readsThread && message.thread !== null ? await chat.readMessages(message.thread, message.key) : []
    if (thread.length === 0) return { kind: 'reply', reply: NOTHING_TO_BUILD }
  }

  const kept = withinBudget([...quotes, ...thread.map((content) => ({ from: '', text: content }))])
  const own = refers && (kept.length > 0 || spec !== null) ? '' : words
  const prompt = compose(own, kept) || FILE_PROMPT
  const read = [
    ...(spec === null ? [] : [spec, ...referredTo].map(({ name }) => name ?? 'the file')),
    ...kept.flatMap(({ from }) => (from === '' ? [] : [from])),
  ]
  return {
    kind: 'request',
    prompt,
    file: spec,
    otherFiles: referredTo,
    note: noteOf({ read, unread, thread, kept, files }),
  }
}

type Chosen = { readonly spec: AttachedFile | null; readonly referredTo: readonly AttachedFile[] }

/**
 * The document to build from: a structured one, or the only file unless it is prose. Of several structured ones, that which
 * names its version, with those that another one refers to by name.
 */
async function chooseSpec(
  files: readonly AttachedFile[],
  read: (file: AttachedFile) => Promise<string>,
): Promise<Chosen> {
  const structured = files.filter(isStructured)
  const [first] = structured
  if (structured.length === 1 || (structured.length === 0 && files.length !== 1))
    return { spec: first ?? null, referredTo: [] }
  if (structured.length === 0) {
    const [only] = files as [AttachedFile]
    return { spec: isText(only) && extensionOf(only.name) !== 'txt' ? null : only, referredTo: [] }
  }
  const texts = new Map<AttachedFile, string>()
  for (const file of structured)
    try {
      texts.set(file, await read(file))
    } catch (error) {
      // It is read again for what it is used for, which says why it cannot be.
      if (!(error instanceof SpecFileError)) throw error
    }
  const spec =
    structured.find((file) => /\b(openapi|swagger)\b["']?\s*:/.test(texts.get(file) ?? '')) ?? first!
  const isNamed = (file: AttachedFile) =>
    [...texts].some(([other, content]) => other !== file && content.includes(file.name ?? '\n'))
  return { spec, referredTo: structured.filter((file) => file !== spec && texts.has(file) && isNamed(file)) }
}

const isOneOf = (types: readonly string[], { name }: AttachedFile) => types.includes(extensionOf(name))
const isText = (file: AttachedFile) => isOneOf(TEXT_TYPES, file)
const isStructured = (file: AttachedFile) => isOneOf(SPEC_TYPES, file) && !isText(file)
const isReadable = (file: AttachedFile) => isText(file) || isStructured(file)

/** The newest that fit. */
function withinBudget(quotes: readonly Quote[]): readonly Quote[] {
  let left = QUOTE_BUDGET
  const kept = quotes.toReversed().filter(({ text: content }) => (left -= content.length) >= 0)
  return kept.toReversed()
}

/** Words of others are quoted, unless the request is nothing but them. */
function compose(own: string, quotes: readonly Quote[]): string {
  if (own === '') return quotes.map(({ text: content }) => content).join('\n')
  return [
    own,
    ...quotes.map(({ from, text: content }) => {
      const lines = content.split('\n').map((line) => `> ${line}`)
      return `\nContext, from ${from || 'the thread'}:\n${lines.join('\n')}`
    }),
  ].join('\n')
}

function noteOf(found: {
  readonly read: readonly string[]
  readonly unread: readonly string[]
  readonly thread: readonly string[]
  readonly kept: readonly Quote[]
  readonly files: readonly AttachedFile[]
}): Reply | null {
  const { read, unread, thread, kept, files } = found
  const left = thread.length - kept.length
  const lines = [
    ...(files.length > 1 ? [`Read: ${read.join(', ')}.`] : []),
    ...(unread.length > 0 ? [`Not read: ${unread.join(', ')}.`] : []),
    ...(thread.length > 0
      ? [
          `Building from ${kept.length} ${kept.length === 1 ? 'message' : 'messages'} of this thread${left > 0 ? `; ${left} older ones didn’t fit` : ''}.`,
        ]
      : []),
  ]
  return lines.length === 0 ? null : makeReply(lines.map((line) => text(line)))
}
