import { access, propertyKey } from '../../../codegen/encode/property.ts'
import type { CustomOperation, SignInBinding } from '#contract'
import { commentText, literal, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { NamedOperation } from '../custom-operations.ts'
import type { ProjectModel } from '../model.ts'
import type { Resource } from '../resource.ts'

/** The first declared status of these, or the usual one. */
const declared = ({ responses }: CustomOperation, usual: number, others: readonly number[]): number =>
  [usual, ...others].find((status) => responses.errors.some((one) => one.status === status)) ?? usual

export const wrongStatus = (operation: CustomOperation): number =>
  declared(operation, 401, [403, 422, 400, 404])
export const takenStatus = (operation: CustomOperation): number => declared(operation, 409, [422, 400])

/** The error statuses of its code. */
export const signInStatuses = ({ operation }: NamedOperation): number[] => {
  if (!operation.signIn) return []
  return [operation.signIn.action === 'signIn' ? wrongStatus(operation) : takenStatus(operation)]
}

/** `src/operations/<id>.ts` of an operation that registers accounts or signs them in. */
export function signInFile(custom: NamedOperation, binding: SignInBinding, model: ProjectModel): string {
  const { account } = model
  if (!account) throw new Error(`${custom.operation.id} signs in, and there are no accounts`)
  const { summary, functionName, fileName, inputName, resultName } = custom
  const imports = makeImports()
  const schemas = `../schemas/operations/${fileName}.ts`
  const isNew = binding.action === 'register'
  const code = isNew ? register(custom, binding, account, imports) : signIn(custom, binding, account, imports)
  const text = `/** ${commentText(summary)} */
export async function ${functionName}(
  { body }: ${imports.type(schemas, inputName)},
  { repositories, credentials${isNew ? ', transaction' : ''} }: ${imports.type('../operation-context.ts', 'OperationContext')},
): Promise<${imports.type(schemas, resultName)}> {
${code}
}`
  return `${imports.render()}\n\n${text}\n`
}

const given = ({ bodyAt }: SignInBinding, name: string): string =>
  `body${[...bodyAt, name].map(access).join('')}`

function register(
  { operation }: NamedOperation,
  binding: SignInBinding,
  account: Resource,
  imports: Imports,
): string {
  const values = account.properties.flatMap((property) => {
    const { name, required, isOmitted } = property
    const value = property.kind === 'field' ? property.field.default : undefined
    const isGiven = binding.values.includes(name)
    if (isOmitted) return isGiven ? [`${propertyKey(name)}: ${given(binding, name)} ?? undefined`] : []
    if (isGiven && required && value === undefined) return [`${propertyKey(name)}: ${given(binding, name)}`]
    const otherwise = literal(value ?? null)
    return [`${propertyKey(name)}: ${isGiven ? `${given(binding, name)} ?? ` : ''}${otherwise}`]
  })
  const status = takenStatus(operation)
  const unique = account.properties.filter(({ name, unique: is }) => is && binding.values.includes(name))
  const refusals =
    status === 409
      ? []
      : unique.map(
          ({ name, required }) =>
            `if (${required ? '' : `${given(binding, name)} != null && `}repositories.${account.key}.findBy({ ${propertyKey(name)}: ${given(binding, name)} })) {
    throw new ${imports.value('../errors.ts', 'ApiError')}(${status}, 'duplicate_value', ${stringLiteral(`${account.label}: another one already has this ${name}.`)}, [
      { in: 'body', path: ${stringLiteral([...binding.bodyAt, name].join('.'))}, message: 'Already taken' },
    ]);
  }`,
        )
  const result = answerCode(binding)
  return [
    ...refusals,
    `const hash = await credentials.hashPassword(${given(binding, binding.password)});`,
    `${usesAccount(result) ? 'const account = ' : ''}transaction(() => {
    const created = repositories.${account.key}.insert({ ${values.join(', ')} });
    credentials.setPasswordHash(created.id, hash);
    return created;
  });`,
    result,
  ]
    .filter(Boolean)
    .join('\n')
}

function signIn(
  { operation }: NamedOperation,
  binding: SignInBinding,
  account: Resource,
  imports: Imports,
): string {
  const [identity = ''] = binding.values
  const status = wrongStatus(operation)
  const message = stringLiteral(`The ${identity} or the password is wrong.`)
  const refusal =
    status === 401
      ? `${imports.value('../errors.ts', 'unauthorized')}(${message})`
      : `new ${imports.value('../errors.ts', 'ApiError')}(${status}, 'wrong_credentials', ${message})`
  return [
    `const account = repositories.${account.key}.findBy({ ${propertyKey(identity)}: ${given(binding, identity)} });`,
    '// An unknown account takes as long as a wrong password and gets the same response.',
    `const matches = await credentials.verifyPassword(${given(binding, binding.password)}, account);`,
    `if (!account || !matches) throw ${refusal};`,
    answerCode(binding),
  ]
    .filter(Boolean)
    .join('\n')
}

/** Whether code refers to the account, not only to a property of that name. */
const usesAccount = (code: string): boolean =>
  /\baccount\b(?!:)/.test(code.replaceAll(/'(?:[^'\\]|\\.)*'/g, ''))

/** The statement that returns the response; empty without a body. */
function answerCode({ answer }: SignInBinding): string {
  if (answer.length === 0) return ''
  const at = (path: readonly string[]): string => {
    const place = answer.find(
      (one) => one.at.length === path.length && path.every((part, index) => one.at[index] === part),
    )
    if (place) {
      switch (place.holds) {
        case 'token':
          return 'await credentials.issueToken(account)'
        case 'account':
          return 'account'
        case 'null':
          return 'null'
        case 'property':
          return `account${access(place.property)}`
        case 'text':
          return stringLiteral(place.text)
      }
    }
    const names = new Set(
      answer
        .filter((one) => one.at.length > path.length && path.every((part, index) => one.at[index] === part))
        .map((one) => one.at[path.length]!),
    )
    return `{ ${[...names].map((name) => `${stringLiteral(name)}: ${at([...path, name])}`).join(', ')} }`
  }
  return `return ${at([])};`
}
