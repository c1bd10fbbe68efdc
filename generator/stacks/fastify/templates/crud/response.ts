import { isPlain } from '../../../../blueprint/lint/shapes.ts'
import { stringLiteral } from '../../../../codegen/encode/typescript.ts'
import type { NamedOperation } from '../../custom-operations.ts'
import { isWholeResult } from '../operation-responses.ts'

/** The complete response: its body, or a status and headers as well. */
export function answerOf(custom: NamedOperation, values: Readonly<Record<string, string>>): string {
  const { success } = custom.operation.responses
  const body = success.kind === 'none' ? '' : bodyOfAnswer(custom, values)
  if (!isWholeResult(custom.operation)) return body
  const headers = (success.headers ?? []).map(({ name, shape, holds = '' }) => {
    const value = values[holds] ?? "''"
    return `${stringLiteral(name)}: ${isPlain(shape) && shape.kind === 'string' && holds !== 'location' ? `String(${value})` : value}`
  })
  return `{ status: ${success.status}, headers: { ${headers.join(', ')} }${body === '' ? '' : `, body: ${body}`} }`
}

function bodyOfAnswer(custom: NamedOperation, values: Readonly<Record<string, string>>): string {
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
