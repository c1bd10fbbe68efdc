import { listed } from './sentences.ts'
import type { Draft, DraftEntity, DraftField } from './draft.ts'

/** Fields that identify a row for people, the best first. */
const IDENTIFYING = [
  'name',
  'title',
  'subject',
  'label',
  'text',
  'question',
  'headline',
  'firstName',
  'fullName',
  'code',
  'number',
  'slug',
  'content',
  'body',
  'message',
  'description',
  'username',
  'email',
]

export const isIdentifying = (field: DraftField) => IDENTIFYING.slice(0, 12).includes(field.name)

/** Fields without a statement: only the identifying one is required. */
export function settleRequired(draft: Draft, entity: DraftEntity): void {
  // What only some roles set says nothing about the rest.
  const fields = entity.fields.filter((field) => field.setBy === undefined)
  const open = fields.filter((field) => field.required === null)
  if (open.length === 0) return
  const said = fields.filter((field) => field.required !== null)
  const someRequired = said.some((field) => field.required)
  const someOptional = said.some((field) => field.required === false)
  if (!someRequired && someOptional) {
    open.forEach((field) => (field.required = field.type.kind !== 'boolean' && field.default === undefined))
    draft.assumptions.add(
      `Required ${listed(open.filter((field) => field.required).map((field) => field.name)) || 'nothing else'} for ${entity.label}, since only other fields are stated as optional.`,
    )
    return
  }
  const key = someRequired
    ? undefined
    : (IDENTIFYING.map((name) => open.find((field) => field.name === name)).find(
        (field) => field !== undefined,
      ) ??
      open.find((field) => /(name|title)$/i.test(field.name)) ??
      (entity.relations.some((relation) => relation.required && relation.name !== entity.owner)
        ? undefined
        : open.find(
            (field) =>
              field.type.kind !== 'boolean' && field.type.kind !== 'enum' && field.default === undefined,
          )))
  open.forEach((field) => (field.required = field === key))
  const rest = open.filter((field) => field !== key).map((field) => field.name)
  if (key === undefined) {
    if (!someRequired)
      draft.assumptions.add(
        `Left ${listed(rest)} optional for ${entity.label}, since the prompt does not say.`,
      )
    return
  }
  draft.assumptions.add(
    `Required ${key.name} for ${entity.label}${rest.length > 0 ? ` and left ${listed(rest)} optional` : ''}, since the prompt does not say.`,
  )
}
