import type { ServiceCall, Shape } from '#contract'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import { projectKind } from '../field-kinds.ts'

export const takes = (call: ServiceCall): boolean =>
  call.params.length > 0 || call.query.length > 0 || call.body !== null

export function inputType(call: ServiceCall, bodyName: string): string {
  const part = (name: string, list: ServiceCall['query']) => {
    if (list.length === 0) return []
    const members = list.map(
      ({ name, shape, required }) =>
        `${stringLiteral(name)}${required ? '' : '?'}: ${plainType(shape)}${required ? '' : ' | undefined'};`,
    )
    return [`${name}: { ${members.join(' ')} };`]
  }
  return [
    ...part('params', call.params),
    ...part('query', call.query),
    ...(call.body === null ? [] : [`body: ${bodyName};`]),
  ].join(' ')
}

const plainType = (shape: Shape): string => (isPlain(shape) ? projectKind(shape).typescript : 'string')
