import { isPlural } from '../../../blueprint/words.ts'

/**
 * Words of privacy and of openness, as patterns on the lower-case words of a clause. They decide only who has
 * access; `privacy.ts` reads the verbs, and `assemble/privacy-rules.ts` finds the entities.
 */

const words = (list: string): string => list.trim().split(/\s+/).join('|')

const SEE = words(`
  see sees seen seeing view views viewed viewing viewable read reads readable reading access accesses accessed accessing
  accessible open opens look looks browse browses list lists listed get gets fetch fetches find finds visible shown show
  shows exposed expose exposes retrieve retrieves query displayed display returned return available reach reaches reachable
  search searches peek snoop visibility leak leaks leaked know knows`)
const WRITE = words(`
  write writes written edit edits edited editing editable update updates updated updating change changes changed changing
  modify modifies modified modifying modifiable delete deletes deleted deleting deletable remove removes removed removing
  create creates created creating add adds added adding rename renames renamed post posts publish publishes submit submits
  alter alters make makes tamper mess overwrite`)
const BOTH = words(
  'manage manages managed managing access accesses accessed accessing handle handles control controls touch touches use uses',
)

export const sees = new RegExp(`\\b(?:${SEE})\\b`)
export const writes = new RegExp(`\\b(?:${WRITE})\\b`)
export const doesBoth = new RegExp(`\\b(?:${BOTH})\\b`)
/** Words of rules, whatever they say. */
export const RULE_WORDS: ReadonlySet<string> = new Set(
  `${SEE}|${WRITE}|${BOTH}`.split('|').concat(
    words(`private privately privacy confidential confidentially secret personal invisible hidden isolated isolation separate
      separated shielded protected kept keep keeps stay stays remain remains strictly completely totally fully absolutely always
      entirely exclusively solely alone nobody no-one noone none nothing else but except other others another another's each
      other's one's someone somebody anyone anybody everyone everybody someone's somebody's anyone's anybody's everyone's else's
      stranger strangers user users user's person people people's member members account accounts account's customer customers
      client clients tenant tenants tenant's multi-tenant tenancy employee employees owner owners owner's creator creators
      author authors maker makers a b alice bob bob's mine theirs hers his yours myself themselves himself herself yourself
      whoever own owns owned belong belongs assigned per scoped restricted limited confined reserved bound tied exclusive
      per-user user-scoped owner-scoped owner-only ownership row-level security cannot can't mustn't shouldn't mayn't won't
      couldn't wouldn't shan't never unable prevent prevents prevented forbid forbidden prohibited disallow denied deny let
      allowed allow permitted permit off-limits 403 404 business eyes same different logged logged-in signed signed-in
      authenticated registered publicly public world guest guests visitor visitors anonymous current caller only just nothing
      whom whose themself ones records entries items data content information stuff things everything anything rows i'm that's
      it's they've he's she's never ever even away rest not no one don't doesn't isn't aren't dont cant what those returns
      return result results answer answers gets off limits or nor neither strangers' others' users' through`).split(
      '|',
    ),
  ),
)
/** Making a new row, which says nothing about those of others. */
export const changes = new RegExp(
  `\\b(?:${WRITE.split('|')
    .filter((word) => !/^(?:creat|add|post|publish|submit|mak|writ)/.test(word))
    .join('|')})\\b`,
)
export const startsWithVerb = new RegExp(
  `^(?:(?:not|or|nor|also|only|then|just) )*(?:${SEE}|${WRITE}|${BOTH})\\b`,
)

const NOT =
  "(?:cannot|can ?not|can't|cant|must not|mustn't|should not|shouldn't|may not|mayn't|will not|won't|could not|couldn't|would not|wouldn't|shall not|shan't|never|not|do not|don't|dont|does not|doesn't|is not|isn't|are not|aren't|unable|nor|neither|without|forbidden|prohibited|prevent\\w*|disallow\\w*|den(?:y|ied|ies)|refus\\w+|no)"
const negated = new RegExp(
  `\\b${NOT}\\b|\\b(?:nobody|no one|no-one|none|404|403|401|off[- ]limits|hidden|invisible|isolated|keep|kept|away)\\b`,
)

const PEOPLE =
  '(?:users?|people|persons?|members?|accounts?|customers?|clients?|tenants?|employees?|students?|patients?|authors?|owners?|teams?|companies|company|organi[sz]ations?|workspaces?|individuals?|players?|teachers?|sellers?)'
const OTHERS = `(?:(?:each|one) (?:other|another)(?:'?s)?|one another(?:'?s)?|(?:someone|somebody|anyone|anybody|everyone|everybody) else(?:'s)?|others|others'|other ${PEOPLE}|another(?:'s)?(?: ${PEOPLE}| person)?|a different ${PEOPLE}|strangers?|other people's|anyone's|anybody's|of ${PEOPLE} b|${PEOPLE} b)`
const others = new RegExp(`\\b${OTHERS}`)

const OWNER =
  "(?:owners?|owning|creators?|authors?|makers?|uploaders?|writers?|themselves|himself|herself|myself|yourself|me|mine|theirs|hers|yours|whoever|who (?:created|creates|made|makes|owns?|wrote|added|posted|uploaded|entered|submitted)|that (?:created|made|owns?|wrote|added)|that (?:user|person|account)|(?:the )?same (?:user|person|account)|(?:they|he|she|i|you)(?:'ve| have)? (?:own|created|made|wrote|added|posted|uploaded|entered|themselves|submitted)|belong(?:s|ing)? to (?:them|him|her|me|the user|that user)|assigned to (?:them|him|her|me))"
const ADJECTIVES = '(?:private|confidential|secret|personal|off[- ]limits|invisible|hidden|isolated|separate)'
/** Nouns that `own` does not close: `choose their own username`. */
const NOT_DATA =
  '(?!\\s+(?:user ?names?|nick ?names?|passwords?|avatars?|pace|words|way|risk|business|websites?|domains?|servers?|rules?|pictures?|photo of|logo|brand|language|currency|time ?zones?))'
const NOT_PRIVATE =
  '(?!\\s+(?:flags?|boolean|bool|fields?|keys?|token|lessons?|teachers?|tutors?|tutoring|schools?|jets?|cars?|part(?:y|ies)|events?|sectors?|compan(?:y|ies)|equity|clinics?|banks?|practices?|rooms?|trainers?|training|information|info|details|data|loans?|names?|statements?|e-?mails?|numbers?|coach(?:es)?|assistants?|or public|and public|/))'

const CLOSES = [
  `\\b(?:is|are|be|being|stays?|remains?|kept|keeps?|strictly|completely|totally|fully|absolutely|always|made|makes?|all|default|entirely)\\b(?: (?!whether|if)[\\w'-]+){0,3} ${ADJECTIVES}\\b${NOT_PRIVATE}`,
  `\\b(?:privately|privacy|confidentiality|confidentially|data isolation|row-level security|multi-?tenan\\w+|multi tenan\\w+|owner-only|private-by-default|user-scoped|per-user|owner-scoped|user-owned|isolation)\\b`,
  `\\bprivate (?:to|for|by default|between|per)\\b`,
  `\\b(?:their|his|her|your|my|our|one's|the user's|only|just|only the|a user's) own\\b${NOT_DATA}`,
  `\\b(?:tenant|company|organi[sz]ation|team|workspace|account|customer|client|user|member|person|everyone|everybody)s?\\b.*\\bits own\\b${NOT_DATA}`,
  `\\b(?:nobody|no one|no-one|noone|none) (?:else|but|except|other)\\b`,
  `\\bno other\\b`,
  `\\b(?:nobody|no one|no-one|noone|none|no ${PEOPLE})\\b.*\\b(?:${SEE})\\b`,
  `\\bnobody's business\\b|\\bnone of (?:their|anyone's|anybody's|your|others'?) business\\b`,
  `\\b${NOT}(?: (?:be|been|ever|have|to|able|allowed|even|let|permit|from|any|the|${PEOPLE}|[a-z]+'s|someone|anybody|anyone|a)){0,5} (?:${SEE})\\b`,
  `\\b${NOT} (?:be |to be )?(?:public|publicly|shared with)\\b`,
  `(?<![\\w-])only\\b[^,;]{0,70}\\b${OWNER}\\b`,
  `(?<![\\w-])only (?:they|he|she|i|you)\\b`,
  `\\b(?:owners?|creators?|authors?|me|them|themselves|myself|mine|theirs|hers|yours|i|they|(?:that|same|one) (?:user|person|account|member)|who \\w+ (?:it|them)) (?:only|alone|exclusively|solely)\\b`,
  `\\b(?:by|to|for) (?:its|their|the|a|his|her|your|my)(?: \\w+)? (?:owners?|creators?|authors?)\\b`,
  `\\b(?:by|to|for|from) (?:anyone|anybody|everyone|everybody)? ?(?:but|except|other than) (?:its|their|the|me|my)\\b`,
  `\\bmine\\b|\\b(?:is|are|stays?|remains?) (?:theirs|hers|yours)\\b`,
  `\\bto (?:myself|themselves|himself|herself|yourself)\\b`,
  `\\bfor (?:my|their|his|her|your)(?: own)? eyes\\b`,
  `\\bper (?:user|account|owner|tenant|member|customer)\\b`,
  `\\b(?:scoped|restricted|limited|confined|reserved|bound|tied|exclusive|belongs? only|belongs? solely|belongs? exclusively) (?:only |solely |exclusively )?(?:to|by|for) (?:the |a |its |their |each |that |whoever |one |signed-in |current )*(?:owners?|creators?|authors?|users?|accounts?|tenants?|person|caller)\\b`,
  `\\b(?:hidden|invisible|shielded|isolated|protected|kept|safe|separated?|away|secret) (?:away )?(?:from|to)\\b.*\\b(?:everyone|everybody|anyone|anybody|rest|all|world|others?|another|users?|public|strangers)\\b`,
  `\\b(?:only|just|solely|exclusively|nothing but) (?:the )?(?:their|his|her|my|your|theirs|mine)\\b`,
  `\\b(?:their|his|her|my|your|our) (?:[\\w'-]+ ){1,2}(?:only|alone|exclusively)\\b`,
  // What is special about an administrator is what the others may not do.
  `^(?:only )?(?:admins?|administrators?|moderators?|staff|superusers?)\\b.*\\b${OTHERS}`,
  `\\bmust own\\b|\\bhas to own\\b|\\b(?:unless|if) (?:they|he|she|you|i) (?:own|created|made)\\b`,
  `\\bthe only (?:one|person|user|account)\\b`,
].map((pattern) => new RegExp(pattern))

/** The program, whose sign-in is read by `auth.ts`. */
const ABOUT_PROGRAM =
  /\b(?:apis?|apps?|endpoints?|routes?|service|backend|docs|documentation|registration|sign-?up)\b/
const ABOUT_PUBLIC = new RegExp(`\\b${NOT} (?:be |to be )?public`)
/** Openness that is said on purpose, which lifts what is closed by default. */
const LIFTS = /\b(?:all|any|every|other|each other's|one another's|everyone's|anyone's)\b/

/** Adjectives that also name things: they close what they describe where people sign in anyway. */
const WEAK = new RegExp(`\\b(?:private|confidential|personal)\\b${NOT_PRIVATE}`)

/** What no account is to get back, which is not about its rows. */
const ABOUT_SECRETS =
  /\b(?:passwords?|password hash(?:es)?|hash(?:es)?|tokens?|api keys?|credentials|stack traces?|errors?)\b/
const ABOUT_GUESTS =
  /\b(?:guests?|visitors?|anonymous|unauthenticated|unregistered|logged[- ]out|signed[- ]out|not (?:logged|signed) in|without (?:an account|login|logging in|signing in)|the public)\b/
const SIGNED_IN =
  /\b(?:signed[- ]in|logged[- ]in|authenticated|registered|all (?:[\w-]+ )?(?:users|members|accounts|customers|employees|people|colleagues|students|tenants)|(?:any|every) (?:[\w-]+ )?(?:user|member|account|customer|employee|colleague|student)|(?:everyone|anyone|everybody|anybody)'s|each other|one another|others|other (?:users|members|people|customers)|another user|colleagues|team ?mates)\b/
const PUBLIC =
  /\b(?:anyone|everyone|everybody|anybody|the public|public|publicly|guests?|visitors?|the world|unauthenticated)\b/
const ALL_ROWS = new RegExp(`\\b(?:${SEE})\\b(?: [\\w'-]+)? (?:all|every|any)\\b`)
/** Whose access is meant: people in general, not a role. */
const EVERYBODY = `(?:${PEOPLE}|everyone|everybody|anyone|anybody|guests?|visitors?|the public|the world|they|we)`
const ABOUT_EVERYBODY = new RegExp(
  `^(?:(?:all|any|every|each|other|signed[- ]in|logged[- ]in|authenticated|registered|the|and|then|only|unauthenticated) )*${EVERYBODY}\\b|\\b(?:to|by|for) (?:(?:all|any|every|each|other|signed[- ]in|logged[- ]in|authenticated|registered|the) )*${EVERYBODY}\\b|\\b(?:are|is|be) public`,
)
const NOT_PRIVATE_ANY_MORE =
  /\b(?:not|no longer|never|aren't|isn't) (?:be )?(?:private|confidential|secret)\b/

/** `only members of a project can see it`: neither the owner nor everyone, which an account model cannot express. */
const MEMBERS =
  /\bonly (?:the |its |their )?(?:members|participants|collaborators|people|those|users|teammates|invited \w+|friends|followers|contacts) ?(?:of|in|on|with|who|invited|added)?\b/

/** `only my uncle can change the menu`: a person in charge, who becomes a role. */
const BY_PERSON = /^only (?:my|our) (?!own\b)([a-z]+) (?:can|may|should|must|is allowed)\b/

/** `researchers may read each other's experiments`, also for unknown nouns. */
const EACH_OTHER = /\b(?:each other|one another)(?:'?s)?\b/

/** `sellers cannot bid on their own items`: a rule about one's own rows, which keeps nobody else from them. */
export const FORBIDS_OWN = new RegExp(
  `\\b(?:cannot|can ?not|can't|must not|mustn't|may not|should not|shouldn't|never) (?!(?:${WRITE}|be)\\b)\\w+ (?:(?:on|for|to|at|in|a|an|the|of) )*(?:their|his|her|its) own\\b`,
)

export type Who = 'owner' | 'authenticated' | 'public'

export type ClauseAccess = {
  readonly who: Who
  /** Never adds sign-in. */
  readonly weak: boolean
  /** Closed, although the words mean more than the owner. */
  readonly isPartial: boolean
}

const access = (who: Who, more: Partial<ClauseAccess> = {}): ClauseAccess => ({
  who,
  weak: false,
  isPartial: false,
  ...more,
})

/** Who has access by the words of one clause; null if it says nothing about it. */
export function whoOf(clause: string): ClauseAccess | null {
  if (ABOUT_PUBLIC.test(clause) && ABOUT_PROGRAM.test(clause)) return null
  if (NOT_PRIVATE_ANY_MORE.test(clause)) return null
  if (ABOUT_SECRETS.test(clause) && !others.test(clause)) return null
  const isNegated = negated.test(clause)
  const person = BY_PERSON.exec(clause)?.[1]
  if (person !== undefined && !isPlural(person)) return null
  if (FORBIDS_OWN.test(clause) && !others.test(clause) && !(sees.test(clause) || doesBoth.test(clause)))
    return null
  if (isNegated && ABOUT_GUESTS.test(clause) && !others.test(clause)) return access('authenticated')
  if (CLOSES.some((pattern) => pattern.test(clause)) || (others.test(clause) && isNegated))
    return access('owner')
  if (MEMBERS.test(clause) && !SIGNED_IN.test(clause) && (sees.test(clause) || doesBoth.test(clause)))
    return access('owner', { isPartial: true })
  if (WEAK.test(clause)) return access('owner', { weak: true })
  if (isNegated || !(sees.test(clause) || writes.test(clause) || /\bpublic\b/.test(clause))) return null
  if (EACH_OTHER.test(clause)) return access('authenticated')
  if (!ABOUT_EVERYBODY.test(clause)) return null
  if (SIGNED_IN.test(clause) || ALL_ROWS.test(clause)) return access('authenticated')
  return PUBLIC.test(clause) ? access('public') : null
}

/** Openness or a limit that only this reader understands: `all users can edit all tasks`, `guests cannot see tasks`. */
export const isDeliberate = (clause: string): boolean =>
  (LIFTS.test(clause) && (writes.test(clause) || sees.test(clause))) ||
  (negated.test(clause) && ABOUT_GUESTS.test(clause)) ||
  (/\b(?:are|is|be) public\b/.test(clause) && !ABOUT_PROGRAM.test(clause))
