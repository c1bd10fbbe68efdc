import { access, propertyKey } from '../../../../codegen/encode/property.ts'
import type { Crud } from '../../crud.ts'
import type { NamedOperation } from '../../custom-operations.ts'
import { ownerOf } from './request-values.ts'
import { answerOf } from './response.ts'

/** The default limit of a list. */
const MOST_ROWS = 1000
const PAGE = 20

export function listWork(custom: NamedOperation, crud: Crud): string[] {
  const { binding, resource } = crud
  const { query } = custom.operation
  const value = (means: 'limit' | 'offset' | 'page', otherwise: number) => {
    const name = binding.query.find((one) => one.means === means)?.name
    const given = query.find((one) => one.name === name)
    if (!name || !given) return undefined
    const isThere = given.required || given.default !== undefined
    const text = `query${access(name)}${isThere ? '' : ` ?? ${otherwise}`}`
    return {
      text,
      min: 'min' in given.shape ? given.shape.min : undefined,
      max: 'max' in given.shape ? given.shape.max : undefined,
    }
  }
  const limit = value('limit', PAGE)
  const offset = value('offset', 0)
  const page = value('page', 1)
  const said = [...binding.answer, ...(custom.operation.responses.success.headers ?? [])]
  const needs = (...holds: string[]) => said.some((one) => holds.includes(one.holds ?? ''))
  const least = (text: string, low: number, min: number | undefined) =>
    min !== undefined && min >= low ? text : `Math.max(${text}, ${low})`
  const lines: string[] = []
  const request: string[] = []
  /** A constant if the response also uses it, or if it is computed. */
  const take = (name: 'limit' | 'offset', text: string, isSaid: boolean) => {
    const isPlain = /^\d+$/.test(text) && !isSaid
    if (!isPlain) lines.push(`const ${name} = ${text};`)
    request.push(isPlain ? `${name}: ${text}` : name)
  }
  const bounded = limit && least(limit.text, 0, limit.min)
  if (bounded !== undefined) {
    const isSmall = limit?.max !== undefined && limit.max <= MOST_ROWS
    take('limit', isSmall ? bounded : `Math.min(${bounded}, ${MOST_ROWS})`, true)
  } else {
    if (!page) lines.push('// Nobody can ask for a second page, so the first one is a large one.')
    take('limit', String(page ? PAGE : MOST_ROWS), needs('limit', 'pages') || page !== undefined)
  }
  const start = page ? `(${least(page.text, 1, page.min)} - 1) * limit` : '0'
  take('offset', offset ? least(offset.text, 0, offset.min) : start, needs('offset', 'more'))
  const where = [
    ...binding.scope.map(({ param, property }) => `${propertyKey(property)}: params${access(param)}`),
    ...ownerOf(binding),
    ...binding.query.flatMap((one) =>
      one.means === 'equals' ? [`${propertyKey(one.property)}: query${access(one.name)}`] : [],
    ),
  ]
  if (where.length > 0) request.push(`where: { ${where.join(', ')} }`)
  const parts = ['data', ...(needs('total', 'pages', 'more') ? ['pagination'] : [])]
  lines.push(`const { ${parts.join(', ')} } = repositories.${resource.key}.page({ ${request.join(', ')} });`)
  const pageText = page ? least(page.text, 1, page.min) : '1'
  lines.push(
    `return ${answerOf(custom, {
      rows: 'data',
      total: 'pagination.total',
      count: 'data.length',
      limit: 'limit',
      offset: 'offset',
      page: pageText,
      pages: 'Math.ceil(pagination.total / Math.max(limit, 1))',
      more: 'offset + data.length < pagination.total',
    })};`,
  )
  return lines
}
