import { a } from './sentences.ts'
import { addRelation, findEntity, reject, relationName, type Draft } from './draft.ts'
import { spaced } from './link.ts'

/** `when a user is deleted, their posts go too`. */
export function applyOnDelete(draft: Draft): void {
  for (const fact of draft.reading.facts) {
    if (fact.kind !== 'onDelete') continue
    const [target, child] = [findEntity(draft, fact.target), findEntity(draft, fact.children)]
    if (target === null || child === null) {
      reject(draft, [...fact.target.tokens, ...fact.children.tokens])
      continue
    }
    const known = child.relations.find((relation) => relation.target === target.name)
    if (known) known.onDelete = fact.rule
    else
      addRelation(child, {
        name: relationName(target),
        label: target.label,
        target: target.name,
        required: true,
        unique: false,
        onDelete: fact.rule,
      })
    for (const said of draft.assumptions) {
      if (
        said.includes(`${child.labelPlural.toLowerCase()}`) &&
        /^(Deleting|A .* cannot be deleted)/.test(said) &&
        said.toLowerCase().includes(` ${target.label.toLowerCase()} `)
      )
        draft.assumptions.delete(said)
    }
  }
}

/** A requires B requires A: nothing could be created, so the later relation becomes optional. */
export function breakCycles(draft: Draft): void {
  for (const entity of draft.entities.values()) {
    for (const relation of entity.relations) {
      if (!relation.required || relation.name === entity.owner) continue
      if (relation.target !== entity.name && !reaches(draft, relation.target, entity.name, new Set()))
        continue
      relation.required = false
      if (relation.onDelete !== 'cascade') relation.onDelete = 'setNull'
      draft.assumptions.add(
        `Made the ${spaced(relation.name)} of ${a(entity.label.toLowerCase())} optional, since each would require the other.`,
      )
    }
  }
}

function reaches(draft: Draft, from: string, to: string, seen: Set<string>): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return (
    draft.entities
      .get(from)
      ?.relations.some((relation) => relation.required && reaches(draft, relation.target, to, seen)) ?? false
  )
}
