import { isWord, type Token } from '../text/tokens.ts'
import { readPhrase } from './phrase.ts'
import { isRecording, placesIn, relatePlaces } from './places.ts'
import { add, type ChunkReader } from './reading.ts'

/** `a grade is given to a pupil by a teacher`, `visits are recorded for each patient`: a record and what it is about. */
export const readPassive: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  const verb = tokens.findIndex(
    (token, i) => i > 1 && isRecording(token.lower) && isWord(tokens[i - 1], 'is', 'are', 'be'),
  )
  if (verb < 0 || tokens.slice(0, verb).some((token) => isWord(token, 'only', 'not', 'never', 'cannot')))
    return 0
  const head = tokens
    .slice(0, verb - 1)
    .filter((token) => !isWord(token, 'can', 'may', 'must', 'should', 'will', 'shall'))
  const object = readPhrase(head)
  const places = placesIn(tokens.slice(verb + 1))
  const about = places.filter(([preposition]) => !isWord(preposition, 'by', 'from', 'with'))
  if (object === null || about.length === 0 || places.flat().length < tokens.length - verb - 1) return 0
  reading.coverage.read(tokens)
  for (const [by, ...actor] of places)
    if (isWord(by, 'by')) relateMaker(object, actor, reading)
    else if (isWord(by, 'from', 'with')) reading.coverage.unread([by!, ...actor])
  state.subject = object
  state.list = 'none'
  return 1 + relatePlaces(object, about, true, list, at + 1, reading)
}

function relateMaker(
  from: Parameters<typeof relatePlaces>[0],
  actor: readonly Token[],
  reading: Parameters<typeof relatePlaces>[5],
): void {
  const to = readPhrase(actor)
  if (to === null) return reading.coverage.unread(actor)
  add(reading, { kind: 'relation', shape: 'belongsTo', from, to, stated: true }, actor)
}
