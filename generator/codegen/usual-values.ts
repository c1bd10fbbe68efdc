import type { Field } from '#contract'
import { rangeOf, SPREAD, spreadOf, type Bounds } from '../blueprint/number-range.ts'
import { capitalise, wordsOf } from './names.ts'

const people = ['Ada Lovelace', 'Grace Hopper', 'Alan Turing']
const personal =
  /user|account|customer|author|person|people|member|employee|student|patient|contact|teacher|doctor|owner|client/

/** Typical values by field name; the first pattern that matches `entity.field` wins. */
const texts: readonly (readonly [RegExp, readonly [string, string, string]])[] = [
  [/\.first name/, ['Ada', 'Grace', 'Alan']],
  [/\.(last|family) name|\.surname/, ['Lovelace', 'Hopper', 'Turing']],
  [/\.(user name|username|handle|nickname|login)/, ['ada', 'grace', 'alan']],
  [/\.(full name|author|artist|customer name|contact name)/, ['Ada Lovelace', 'Grace Hopper', 'Alan Turing']],
  [/\.(phone|mobile|telephone)/, ['+1 555 0100', '+1 555 0101', '+1 555 0102']],
  [/\.(city|town)/, ['Lisbon', 'Nairobi', 'Osaka']],
  [/\.country/, ['Portugal', 'Kenya', 'Japan']],
  [/\.(address|street)/, ['12 Harbour Street', '7 Mill Lane', '31 Garden Road']],
  [/\.(zip|postal|postcode)/, ['1100-148', '00100', '530-0001']],
  [/\.currency/, ['EUR', 'USD', 'JPY']],
  [/\.(language|locale)/, ['en', 'pt', 'ja']],
  [/\.colou?r/, ['teal', 'amber', 'plum']],
  [/\.isbn/, ['978-0-441-17271-9', '978-0-14-143951-8', '978-0-06-085052-4']],
  [/\.sku/, ['MUG-001', 'TEE-002', 'CAP-003']],
  [/\.slug/, ['first-steps', 'second-thoughts', 'third-time-lucky']],
  [/\.(tag|label|keyword)s?$/, ['news', 'ideas', 'how-to']],
  [/(todo|task).*\.(title|name|subject)/, ['Buy oat milk', 'Call the dentist', 'Water the plants']],
  [
    /(todo|task).*\.(text|content|body|description|note)/,
    ['From the shop on the corner.', 'Ask for a morning slot.', 'Twice a week is enough.'],
  ],
  [/(book|novel).*\.(title|name)/, ['Dune', 'Pride and Prejudice', 'Brave New World']],
  [/(movie|film).*\.(title|name)/, ['Metropolis', 'Spirited Away', 'The Third Man']],
  [/(product|item).*\.(title|name)/, ['Enamel mug', 'Linen shirt', 'Wool cap']],
  [/(recipe|dish).*\.(title|name)/, ['Lentil soup', 'Apple crumble', 'Rice with peas']],
  [/(tag|topic).*\.(title|name)/, ['News', 'Ideas', 'How-to']],
  [/(team|company|organi[sz]ation).*\.(title|name)/, ['North Wind', 'Blue Harbour', 'Stone Bridge']],
  [/(project).*\.(title|name)/, ['Spring launch', 'Garden plan', 'Archive move']],
  [/(event|meetup|concert).*\.(title|name)/, ['Jazz in the park', 'Book fair', 'Open day']],
  [/(course|lesson).*\.(title|name)/, ['Spanish for beginners', 'Drawing basics', 'First statistics']],
  [/(room|hall|venue).*\.(title|name)/, ['Blue room', 'Garden hall', 'Studio 2']],
  [/(ticket|issue|bug).*\.(title|subject)/, ['Cannot sign in', 'The invoice is missing', 'A page is slow']],
  [
    /(product|item).*\.(description|summary)/,
    ['White enamel with a blue rim.', 'Washed linen, cut loosely.', 'Knitted from soft wool.'],
  ],
  [/(coupon|voucher|discount).*\.code/, ['WELCOME', 'SPRING', 'THANKS']],
  [/\.(title|subject|headline)/, ['A quiet start', 'Notes from the road', 'What comes next']],
  [
    /\.(description|summary|bio|body|content|text|note|comment|message|review)/,
    ['Short and to the point.', 'Written on a rainy afternoon.', 'Worth a second look.'],
  ],
]

/** What a genre or category is called, by what is in it; the first pattern that matches the entity wins. */
const categories: readonly (readonly [RegExp, readonly [string, string, string]])[] = [
  [/book|novel|story|library/, ['Fiction', 'Science', 'History']],
  [/movie|film|show|series/, ['Drama', 'Comedy', 'Documentary']],
  [/song|album|track|artist|band|music/, ['Jazz', 'Folk', 'Electronic']],
  [/recipe|dish|meal|menu/, ['Soups', 'Desserts', 'Sides']],
  [/expense|transaction|payment|budget|cost/, ['Groceries', 'Travel', 'Rent']],
  [/event|meetup|concert/, ['Music', 'Sport', 'Talks']],
  [/ticket|issue|bug|complaint|request/, ['Billing', 'Technical', 'Account']],
  [/post|article|news|blog/, ['Culture', 'Travel', 'Science']],
  [/course|lesson|class/, ['Languages', 'Design', 'Statistics']],
  [/todo|task|project|note/, ['Home', 'Work', 'Errands']],
  [/product|item|good|shop|order/, ['Kitchen', 'Clothing', 'Accessories']],
]
const anyCategory = ['General', 'Special', 'Seasonal'] as const
const CATEGORY = /\b(genre|category)\.(title|name|label)$|\.(.* )?(genre|category)$/
/** Names are told apart by what they name. */
const NAME = /\.(title|name|label)$/

const numbers: readonly (readonly [RegExp, readonly [number, number, number]])[] = [
  [/price|cost|amount|total|salary|balance|budget/, [19.99, 49.5, 120]],
  [/quantity|stock|count|capacity/, [10, 25, 3]],
  [/year/, [2024, 1999, 2015]],
  [/\bage\b/, [34, 27, 51]],
  [/rating|score|stars|grade/, [4, 5, 3]],
  [/latitude|\blat\b/, [38.72, -1.29, 34.69]],
  [/longitude|\blng\b|\blon\b/, [-9.14, 36.82, 135.5]],
  [/percent|discount/, [10, 25, 50]],
  [/minutes|duration/, [30, 45, 90]],
  [/weight|height|width|length/, [1.5, 2.25, 0.75]],
  [/pages/, [412, 279, 311]],
]

/** A text that such a field usually holds. */
export function textFor(topic: string, field: Field, index: number): string {
  const entity = topic.split('.')[0] ?? ''
  const what = NAME.test(topic) ? entity : wordsOf(field.name).join(' ')
  return usualTexts(topic, entity)?.[index] ?? `${capitalise(what)} ${index + 1}`
}

function usualTexts(topic: string, entity: string): readonly string[] | undefined {
  if (CATEGORY.test(topic)) return categories.find(([pattern]) => pattern.test(entity))?.[1] ?? anyCategory
  if (topic.endsWith('.name') && personal.test(entity)) return people
  return texts.find(([pattern]) => pattern.test(topic))?.[1]
}

/** At most `maxLength` UTF-16 code units, still different for each index. */
export function cut(text: string, maxLength: number | undefined, index: number): string {
  if (maxLength === undefined || text.length <= maxLength) return text
  if (maxLength < 4) return (index + 10).toString(36).slice(-maxLength)
  return `${text
    .slice(0, maxLength - 2)
    .toWellFormed()
    .trimEnd()} ${index + 1}`.slice(0, maxLength)
}

/** A number that such a field usually holds, or one within its bounds. */
export function numberFor(topic: string, type: Bounds, index: number): number {
  const known = numbers.find(([pattern]) => pattern.test(topic))?.[1][index] ?? index + 1
  const value = type.kind === 'integer' ? Math.round(known) : known
  const fits = value >= (type.min ?? -Infinity) && value <= (type.max ?? Infinity)
  if (fits) return value
  const { low, high } = rangeOf(type)
  if (type.kind === 'integer') return low + (index % (high - low + 1))
  const few = spreadOf(type)
  if (few.length < SPREAD) return few[index % few.length] ?? low
  return low + (high / 10 - low / 10) * (index % 10)
}
