import { makeReply, text } from './reply.ts'

/* Messages shared by every chat, besides those about jobs in `error-messages.ts` and `job-messages.ts`. */

export const FAILED = makeReply([
  text(
    'Something went wrong on our side. Try again; if this keeps happening, contact your admin. The log has the details.',
  ),
])
export const EXPIRED_BUTTON = makeReply([text('This button has expired. Run the command again.')])
export const THREAD_UNREADABLE = makeReply([
  text(
    'I can’t read this thread right now, so I don’t know whether it is about a job. Nothing was started: try again, or send it outside the thread.',
  ),
])
export const NOTHING_TO_BUILD = makeReply([
  text(
    'I found nothing here to build from: I can read only messages that the chat shows me. Describe the backend, or choose “Build a backend from this” in the menu of a message.',
  ),
])
export const UNSURE = makeReply(
  [text('Should I build this, or is it a question?')],
  [{ action: 'build_request' }, { action: 'answer_question' }],
)
export const UNSURE_CHANGE = makeReply(
  [text('Is this a change to the backend, or a question?')],
  [{ action: 'build_request' }, { action: 'answer_question' }],
)
export const NO_FILE = makeReply([
  text(
    'A new version can’t use an attached file, so nothing was started. Describe the change in text, or mention me outside this thread to start a new backend with the file.',
  ),
])
export const NOTHING_IN_MESSAGE = makeReply([
  text('This message has no text and no file that describes what to build. Nothing was started.'),
])
/** The prompt for a message that has a file but no text. */
export const FILE_PROMPT = 'The backend that the attached file describes'
