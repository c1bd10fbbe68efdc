/** Discord's limits. Lengths are in characters, sizes in bytes, times in milliseconds. */
export const LIMITS = {
  message: {
    /** Of a message with components: all of them, nested ones included, and all their text together. */
    components: 40,
    text: 4_000,
    rowButtons: 5,
    nonce: 25,
  },
  button: { customId: 100, label: 80, url: 512 },
  mediaDescription: 1_024,
  thread: { name: 100 },
  modal: {
    title: 45,
    label: 45,
    description: 100,
    placeholder: 100,
    textInput: 4_000,
    optionLabel: 100,
  },
  option: { prompt: 6_000, name: 60, choices: 25, choiceName: 100 },
  /** Unless the interaction allows more. A whole request may have 25 MiB. */
  upload: { bytes: 10 * 1024 * 1024 },
  /** Our API's limit for a spec, which is sent with the request. */
  specBytes: 1_000_000,
  rateLimit: {
    /** Between edits of one message; a channel accepts about five edits in five seconds. */
    editGapMs: 2_000,
    /** For all channels together; well below a bot's 50 requests per second. */
    editsPerMinute: 600,
  },
  /** The deadline of the initial response, and the lifetime of an interaction token. */
  interaction: { answerMs: 3_000, tokenMs: 15 * 60_000 },
} as const
