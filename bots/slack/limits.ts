/** What Slack takes. Lengths are in characters, sizes in bytes, times in milliseconds. */
export const LIMITS = {
  message: {
    blocks: 50,
    /** Slack asks for 4,000 and cuts at 40,000. */
    text: 4_000,
    section: 3_000,
    header: 150,
    contextElements: 10,
    actions: 25,
    /** Not documented: what one rich text holds here, well inside of what a message may have. */
    richText: 3_000,
    /** A whole message, all texts of its blocks together; Slack refuses longer ones as `msg_blocks_too_long`. */
    allBlocks: 13_200,
  },
  plan: { title: 150, tasks: 50, taskTitle: 150, taskDetails: 500 },
  button: { text: 75, actionId: 255, value: 2_000, url: 3_000 },
  confirm: { title: 100, text: 300, confirm: 30, deny: 30 },
  blockId: 255,
  modal: { blocks: 100, title: 24, submit: 24, close: 24, privateMetadata: 3_000, callbackId: 255 },
  home: { blocks: 100 },
  option: { text: 75, value: 150 },
  options: 100,
  input: { label: 2_000, placeholder: 150, hint: 2_000, maxLength: 3_000 },
  /** Larger archives go as a link: an upload is held in memory. Slack itself takes 1 GB. */
  upload: { bytes: 50 * 1024 * 1024, filename: 255, title: 255 },
  rateLimits: {
    /** A message is edited no more often than this. */
    editGapMs: 3_000,
    /** `chat.update`, for a whole workspace. */
    editsPerMinute: 50,
  },
} as const
