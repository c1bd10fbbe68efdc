import { findAnyMatch } from '../text/match.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'

const PATTERNS = [
  'out of scope',
  'not in scope',
  'not part of',
  'not now',
  'not yet',
  'not needed|required|necessary yet|now',
  'in|for the? future',
  'in|for a later',
  'in|for the? next|second version|phase|release|step|iteration',
  'nice to have',
  'nice-to-have',
  'non-goals|non-goal',
  'may|might|could|can|will come later',
  'come|comes|follow|follows later',
  'later on',
  'some day',
  'someday',
]

/** `Gift cards may come later`, `Out of scope: payments`: what the person does not want now. */
export const isPostponed = (tokens: readonly Token[]): boolean =>
  findAnyMatch(tokens, PATTERNS) !== null || (tokens.length > 2 && isWord(tokens.at(-1), 'later', 'someday'))

/** A heading above what is postponed: `Not now`, `Later`, `Ideas for the future`. */
export const isPostponedLabel = (tokens: readonly Token[]): boolean =>
  tokens.length <= 6 && (isPostponed(tokens) || isWord(tokens[0], 'later', 'future', 'someday', 'backlog'))

/** A heading that speaks to the reader or about the writer: `Your profile`, `What we offer`. Its bullets are prose. */
export const isAddressed = (tokens: readonly Token[]): boolean =>
  isWord(tokens[0], 'your', 'you', 'our', 'we', 'what', 'why', 'how', 'who', "you'll", 'about', 'nice') ||
  tokens.some((token) => isWord(token, 'you', 'us'))

/** `You like good food`: a posting speaks to its reader. */
export const isAboutReader = (tokens: readonly Token[]): boolean =>
  isWord(tokens[0], 'hiring', 'wanted', 'vacancy') ||
  // `Database course, exercise 7.`
  (!tokens.some((token) => isMark(token, ':')) &&
    tokens.some(
      (token, at) =>
        isWord(token, 'exercise', 'assignment', 'homework', 'lab') && tokens[at + 1]?.kind === 'number',
    )) ||
  (isWord(tokens[0], 'you') && isWord(tokens[1], ...ABOUT_READER)) ||
  (isWord(tokens[0], 'your') && tokens.length > 2)

const ABOUT_READER = 'like love enjoy bring know speak care have are want think work'.split(' ')
