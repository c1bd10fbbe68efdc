import { SERVICE_TIMEOUT_MS, configProperty, type Service, type ServiceCall } from '#contract'
import { oneLine } from '../../codegen/encode/text.ts'
import { camelCase, capitalise, kebabCase, makeNamespace } from '../../codegen/names.ts'
import { portableName } from '../../codegen/portable-name.ts'
import { reservedTypeNames } from './reserved-names.ts'

/** An external service with all its names in generated code. */
export type Client = {
  readonly service: Service
  readonly description: string
  /** `src/services/<fileName>.ts` with the type `typeName`, made by `makeFunction`. */
  readonly fileName: string
  readonly typeName: string
  readonly makeFunction: string
  /** The configuration properties with its base URL and secret. */
  readonly urlProperty: string
  readonly secretProperty: string | undefined
  readonly timeoutMs: number
  readonly retries: number
  readonly calls: readonly ClientCall[]
}

export type ClientCall = {
  readonly call: ServiceCall
  readonly answerName: string
  readonly bodyName: string
}

export function makeClients(services: readonly Service[]): Client[] {
  const types = makeNamespace([...reservedTypeNames, 'Services'])
  const files = makeNamespace(['index', 'caller', 'service-error'], (name) => name.toLowerCase())
  const functions = makeNamespace(['makeCaller', 'makeServices'])
  return services.map((service) => {
    const type = capitalise(camelCase(service.name))
    const file = kebabCase(service.name)
    const typeName = types.take(type)
    const own = makeNamespace([...reservedTypeNames, typeName])
    return {
      service,
      description: oneLine(service.description) || service.name,
      fileName: files.take(portableName(file), '-'),
      typeName,
      makeFunction: functions.take(`make${type}`),
      urlProperty: configProperty({ name: service.baseUrl }),
      secretProperty:
        service.auth.kind === 'none' ? undefined : configProperty({ name: service.auth.secret }),
      timeoutMs: service.timeoutMs ?? SERVICE_TIMEOUT_MS,
      retries: service.retries ?? 0,
      calls: service.calls.map((call) => ({
        call,
        answerName: own.take(`${capitalise(camelCase(call.id))}Answer`),
        bodyName: own.take(`${capitalise(camelCase(call.id))}Body`),
      })),
    }
  })
}

export const clientPath = ({ fileName }: Client): string => `src/services/${fileName}.ts`

/** The type of the services that an operation or task receives: `Pick<Services, 'mail'>`. */
export const servicesType = (uses: readonly string[]): string =>
  `Pick<Services, ${uses.map((name) => `'${name}'`).join(' | ')}>`
/** Those services, as an expression. */
export const servicesCode = (uses: readonly string[]): string =>
  `{ ${uses.map((name) => `${name}: services.${name}`).join(', ')} }`
