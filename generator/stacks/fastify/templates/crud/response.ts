import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import type { NamedOperation } from '../../custom-operations.ts'

/** The complete response. */
export function answerOf(custom: NamedOperation, values: Readonly<Record<string, string>>): string {
  const answer = custom.crud?.binding.answer ?? []
  const at = (path: readonly string[]): string => {
    const place = answer.find(
      (one) => one.at.length === path.length && path.every((part, index) => one.at[index] === part),
    )
    if (place) return values[place.holds] ?? 'null'
    const names = new Set(
      answer
        .filter((one) => one.at.length > path.length && path.every((part, index) => one.at[index] === part))
        .map((one) => one.at[path.length]!),
    )
    const property = (name: string) => {
      const value = at([...path, name])
      return value === name ? name : `${stringLiteral(name)}: ${value}`
    }
    return `{ ${[...names].map(property).join(', ')} }`
  }
  return at([])
}
