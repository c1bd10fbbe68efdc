/** Verbs of people and programs. No name begins with one: in `record match results`, match results are recorded. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const ONLY_VERBS = words(`
  accept achieve add admit adopt allow apply approve arrange arrive ask assemble assign attach attend avoid become begin believe
  belong borrow bring browse build bundle calculate cancel carry choose collect come compare compete complete compute confirm
  contain convert create decide decline define delete deliver deny describe determine digitise digitize discharge discover
  distribute divide donate earn eat edit enable enrol enroll ensure enter evaluate examine exceed expect explain forget gather generate
  get give go grow handle happen identify implement improve include inform insert inspect join keep know learn lend let lose maintain
  manage mention modify notify obtain occur operate organise organize own participate pick prepare prevent propose protect prove
  provide put receive recommend redeem register rehearse reject remember remind remove respond retrieve save see select send serve solve
  subscribe suggest survive take teach tell think throw transcribe translate try understand unlock upload use validate verify wait
  want wear wish withdraw write`)

/** In a name only before such a noun as `date`: `publish date`, `buy price`. */
const BEFORE_HEADS = words('buy sell finish publish submit read find')

/** Nouns as well; in front of a noun other than those below they are verbs. */
const ALSO_NOUNS = words(`
  award bid book challenge check comment issue leave list log mark move offer order pay place plan post print rank rate record rent
  repair report request review run scan schedule score share store swap test track update view visit vote`)

/** Nouns that only the words around them turn into verbs: `water meters`, `teachers grade homework`. */
const MOSTLY_NOUNS = words(`
  answer coach cook design drive exchange fix grade guide harvest hire host invite monitor pair play process produce purchase
  show study supply trade train transfer walk watch water win work`)

/** What stands after a verb in a name: `order item`, `review text`. */
const HEADS = new Set(
  words(`
  account address amount bar body bonus card case category center centre channel code copy cost count date day deadline description detail
  duration entry fair fee file form group club history id image item kind label length level limit line link list location lot manager method
  mode model name note number office officer option owner period point position price problem profile program question rate reason
  rule section session set sheet shelf shop size source spot stage station status step stop subject summary system tag text theme time title
  topic total tracker trail type unit url value way api app application board database directory management organizer planner scheduler service`),
)

const PAST = words('took gave wrote saw went came knew began chose ate drove rode spoke became kept told did')

/** `takes`, `carries`, `pushes`. */
const third = (verb: string): string =>
  /(?:s|sh|ch|x|z|o)$/.test(verb)
    ? `${verb}es`
    : /[^aeiou]y$/.test(verb)
      ? `${verb.slice(0, -1)}ies`
      : `${verb}s`
const both = (verbs: readonly string[]) => [...verbs, ...verbs.map((verb) => third(verb))]

/** Words that are no noun wherever they stand. */
export const VERBS: ReadonlySet<string> = new Set([...both(ONLY_VERBS), ...PAST])

const FIRST: ReadonlySet<string> = new Set(both([...BEFORE_HEADS, ...ALSO_NOUNS]))

const PLURAL = new Set([...ONLY_VERBS, ...BEFORE_HEADS, ...ALSO_NOUNS, ...MOSTLY_NOUNS])
const SINGULAR = new Set([...PLURAL].map((verb) => third(verb)))

/** A form that fits `members` (`members log`), and one that fits `a member` (`a member logs`). */
export const fitsPlural = (word: string): boolean => PLURAL.has(word)
export const fitsSingular = (word: string): boolean => SINGULAR.has(word)

/** Whether the first of two words is a verb: `record results`, but not `order items` or `publish date`. */
export const isVerbBefore = (first: string, next: string): boolean =>
  VERBS.has(first) || (FIRST.has(first) && (!HEADS.has(next) || first.endsWith('s')))
