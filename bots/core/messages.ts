import { makeReply, text } from './reply.ts'

/* What is said alike in every chat, beside what `refusals.ts` and `sentences.ts` say of jobs. */

export const FAILED = makeReply([
  text(
    'Something went wrong on our side. Try again, and tell whoever runs this app if it stays; the log says what it was.',
  ),
])
export const EXPIRED_BUTTON = makeReply([
  text('This button is from another time and cannot be used any more. Ask again with the command.'),
])
export const THREAD_UNREADABLE = makeReply([
  text(
    'This thread cannot be read at the moment, so it is not known whether it is about a job. Nothing was started: try again, or outside of the thread.',
  ),
])
export const ONE_FILE = makeReply([
  text('Attach one file only: an OpenAPI document, or SQL definitions. Nothing was started.'),
])
export const NO_FILE = makeReply([
  text(
    'A next version is made from words alone, so nothing was started. Say what should be different without the file, or mention me outside of this thread to begin a new backend with it.',
  ),
])
/** What stands for the words of a person who only attached a file: it speaks for itself. */
export const FILE_PROMPT = 'The backend that the attached file describes'
