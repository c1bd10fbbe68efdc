/**
 * How long the stand-ins wait for an acknowledgement, in milliseconds. The platforms give 3 seconds, which a busy machine
 * needs to start a process. Tests prove that an acknowledgement goes out before anything else; `bench/` proves how fast.
 */
export const ACK_WITHIN_MS = 60_000
