import { singular, toKebab } from '../../../blueprint/words.ts'
import { matchTopic } from '../domains/index.ts'
import type { Draft } from './draft.ts'

/** Name, title and description of the project. */
export function nameProject(
  draft: Draft,
  wish: string | undefined,
): { name: string; title: string; description: string } {
  const called = draft.reading.facts.find((fact) => fact.kind === 'project')?.name
  const title = (wish ?? called ?? '').trim().slice(0, 120)
  const description = describe(draft.prompt)
  const named = toKebab(title)
  if (title !== '' && named !== null) return { name: cut(named), title, description }
  const topic = draft.reading.facts.find((fact) => fact.kind === 'topic')
  const about =
    topic && matchTopic(topic.phrase.text) ? singular(topic.phrase.text) : (draft.main?.label ?? 'backend')
  const words = about.length > 60 ? 'backend' : about
  const kebab = toKebab(words) ?? 'backend'
  return {
    name: cut(`${kebab.slice(0, 50).replace(/-+$/, '')}-api`),
    title: title || `${words.charAt(0).toUpperCase()}${words.slice(1)} API`,
    description,
  }
}

const cut = (name: string) => name.slice(0, 60).replace(/-+$/, '')

/** The first sentence or two of the prompt. */
function describe(prompt: string): string {
  const text = prompt.replace(/\s+/gu, ' ').trim()
  if (text.length <= 300) return text
  const end = text.slice(0, 300).search(/[.!?] [^.!?]*$/)
  return end > 40 ? text.slice(0, end + 1) : `${text.slice(0, 297).replace(/[\uD800-\uDBFF]$/, '')}…`
}
