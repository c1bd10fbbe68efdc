/** What Discord takes. Lengths are in characters, sizes in bytes, times in milliseconds. */
export const LIMITS = {
  message: {
    /** Of a message of components: all of them, nested ones too, and all their texts together. */
    components: 40,
    text: 4_000,
    rowButtons: 5,
    nonce: 25,
  },
  button: { customId: 100, label: 80, url: 512 },
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
  /** Where the interaction does not say more. A whole request may have 25 MiB. */
  upload: { bytes: 10 * 1024 * 1024 },
  /** A spec is sent along with the request; the API's own limit. */
  specBytes: 1_000_000,
  rateLimit: {
    /** A message is edited no more often than this; a channel takes about five edits in five seconds. */
    editGapMs: 2_000,
    /** All channels together; well inside of the 50 requests a second of a bot. */
    editsPerMinute: 600,
  },
  /** An interaction wants its first answer within this, and its token is good for so long. */
  interaction: { answerMs: 3_000, tokenMs: 15 * 60_000 },
} as const
