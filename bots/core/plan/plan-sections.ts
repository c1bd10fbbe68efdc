import type { JobNeeds, PlanEntity, PlanQuestion } from '#contract'
import { count } from '../cards/phrases.ts'
import { houseRulesSection } from '../details/house-rules.ts'
import { code, item, text, truncateLine, type Line } from '../reply.ts'
import { estimateText } from './plan-text.ts'

/** The longest line, in UTF-16 code units; what is longer ends with an ellipsis. */
const LINE = 300

/** Everything about a plan that a person may ask for, what needs them first. Pure. */
export function planSections({ plan, questions }: JobNeeds): { heading: string; lines: Line[] }[] {
  const { version, reasons, entities, routes, rules, assumptions, notUnderstood, estimate, houseRules } = plan
  return [
    { heading: version > 1 ? `Plan ${version}` : 'Plan', lines: items(reasons) },
    { heading: count(questions.length, 'question'), lines: questions.flatMap(questionLines) },
    { heading: 'Not in it', lines: items(notUnderstood) },
    {
      heading: count(entities.length, 'entity', 'entities'),
      lines: entities.flatMap(entityLines),
    },
    ...routes.map(({ resource, routes: some }) => ({
      heading: `${count(some.length, 'route')} of ${resource}`,
      lines: some.map(({ method, path, summary }) =>
        code(`${method.padEnd(6)} ${path}${summary === null ? '' : `  ${truncateLine(summary, 80)}`}`),
      ),
    })),
    { heading: 'Rules', lines: items(rules) },
    ...(houseRules === undefined ? [] : [houseRulesSection(houseRules)]),
    { heading: 'Assumptions', lines: items(assumptions) },
    {
      heading: 'Cost and time',
      lines: [text(`${estimateText(plan)}.`), text(truncateLine(estimate.basis, LINE))],
    },
  ]
}

const items = (lines: readonly string[]): Line[] => lines.map((line) => item(truncateLine(line, LINE)))

const questionLines = ({ text: asked, choices }: PlanQuestion): Line[] => [
  text(truncateLine(asked, LINE)),
  ...choices.map(({ label, assumed }) => item(`${truncateLine(label, LINE)}${assumed ? ' (assumed)' : ''}`)),
]

/** "Order", then its fields with their types, then what it refers to. */
function entityLines({ name, fields, relations }: PlanEntity): Line[] {
  const described = fields.map(
    ({ name: field, type, required, unique }) =>
      `${field}: ${type}${required ? '' : ', optional'}${unique ? ', unique' : ''}`,
  )
  const links = relations.map(
    ({ target, kind, required }) =>
      `${kind === 'many' ? 'has many' : 'belongs to'} ${target}${kind === 'many' || required ? '' : ', optional'}`,
  )
  return [item(truncateLine(`${name} · ${[...described, ...links].join('; ')}`, 2 * LINE))]
}
