import type { Blueprint, Entity, Field } from '#contract'

/** Characters of a line and of a longer text where no limit is stated: far beyond what people type. */
const LINE = 1_000
const TEXT = 50_000

/**
 * Limits the text of rows that the request does not limit, so that nobody fills the database with one request. Not for
 * documents, which decide themselves. Of the version `before`, what is stored already stays unlimited, also where it may have
 * been renamed. Says in `notes` what was limited.
 */
export function limitText(
  designed: Blueprint,
  before: Blueprint | null,
): { readonly blueprint: Blueprint; readonly notes: readonly string[] } {
  const isStored = storedText(designed, before)
  let line = false
  let text = false
  const limited = (field: Field): Field => {
    const { type } = field
    if ((type.kind !== 'string' && type.kind !== 'text') || type.maxLength !== undefined) return field
    if (type.kind === 'string') line = true
    else text = true
    return { ...field, type: { ...type, maxLength: type.kind === 'string' ? LINE : TEXT } }
  }
  const entities = designed.entities.map((entity) => ({
    ...entity,
    fields: entity.fields.map((field) => (isStored(entity, field) ? field : limited(field))),
  }))
  const most = [
    ...(line ? [`${LINE.toLocaleString('en')} characters of a line`] : []),
    ...(text ? [`${TEXT.toLocaleString('en')} of a longer text`] : []),
  ]
  if (most.length === 0) return { blueprint: designed, notes: [] }
  const added = before === null ? 'Text without a limit of its own' : 'New text without a limit of its own'
  return {
    blueprint: { ...designed, entities },
    notes: [
      `${added} is limited to ${most.join(' and ')}. State a limit to change it: "up to 5000 characters".`,
    ],
  }
}

/** Whether a field may hold text of the version before: it stood there, or another one of the entity is gone since. */
function storedText(designed: Blueprint, before: Blueprint | null) {
  if (before === null) return () => false
  const fieldsOf = ({ entities }: Blueprint, name: string) =>
    entities.find((entity) => entity.name === name)?.fields.map((field) => field.name)
  const isEntityGone = before.entities.some(({ name }) => !fieldsOf(designed, name))
  return ({ name: entity, fields }: Entity, { name }: Field): boolean => {
    const stored = fieldsOf(before, entity)
    if (!stored) return isEntityGone
    return stored.includes(name) || stored.some((one) => !fields.some((field) => field.name === one))
  }
}
