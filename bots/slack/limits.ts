/** Slack's limits. Lengths are in characters, sizes in bytes, times in milliseconds. */
export const LIMITS = {
  message: {
    blocks: 50,
    /** Slack recommends 4,000 and truncates at 40,000. */
    text: 4_000,
    section: 3_000,
    header: 150,
    contextElements: 10,
    actions: 25,
    /** Undocumented: a safe length for one rich text element. */
    richText: 3_000,
    /** All texts of a message's blocks together; Slack rejects longer ones as `msg_blocks_too_long`. */
    allBlocks: 13_200,
  },
  plan: { title: 150, tasks: 50, taskTitle: 150, taskDetails: 500 },
  button: { text: 75, actionId: 255, value: 2_000, url: 3_000 },
  image: { altText: 2_000 },
  confirm: { title: 100, text: 300, confirm: 30, deny: 30 },
  blockId: 255,
  modal: { blocks: 100, title: 24, submit: 24, close: 24, privateMetadata: 3_000, callbackId: 255 },
  home: { blocks: 100 },
  option: { text: 75, value: 150 },
  options: 100,
  input: { label: 2_000, placeholder: 150, hint: 2_000, maxLength: 3_000 },
  /** Larger archives are sent as a link, since an upload is held in memory. Slack's own limit is 1 GB. */
  upload: { bytes: 50 * 1024 * 1024, filename: 255, title: 255 },
  rateLimits: {
    /** Minimum time between edits of one message. */
    editGapMs: 3_000,
    /** `chat.update` calls per workspace. */
    editsPerMinute: 50,
  },
} as const
