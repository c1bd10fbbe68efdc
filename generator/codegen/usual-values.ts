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
  [/\.(genre|category)/, ['Fiction', 'Science', 'History']],
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
  [/(category|tag|topic|genre).*\.(title|name)/, ['News', 'Ideas', 'How-to']],
  [/(team|company|organi[sz]ation).*\.(title|name)/, ['North Wind', 'Blue Harbour', 'Stone Bridge']],
  [/(project).*\.(title|name)/, ['Spring launch', 'Garden plan', 'Archive move']],
  [/\.(title|subject|headline)/, ['A quiet start', 'Notes from the road', 'What comes next']],
  [
    /\.(description|summary|bio|body|content|text|note|comment|message|review)/,
    ['Short and to the point.', 'Written on a rainy afternoon.', 'Worth a second look.'],
  ],
]

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
  const known =
    topic.endsWith('.name') && personal.test(entity)
      ? people
      : texts.find(([pattern]) => pattern.test(topic))?.[1]
  return known?.[index] ?? `${capitalise(wordsOf(field.name).join(' '))} ${index + 1}`
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
