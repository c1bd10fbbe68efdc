import type { Shape, ShapeProperty, SignInBinding } from '#contract'
import { simple } from './naming.ts'
import type { ReadOperation } from './operation.ts'
import { segmentsOf } from './rows.ts'

/** Which operations register accounts or sign them in: a password goes in, and mostly a token comes out. */

const PASSWORD = /^(pass(word|wd|phrase|code)?|pwd|secret)$/
const TOKEN = /^((access|auth|session|bearer|api|id)?token|jwt|accessjwt|apikey|sessionkey)$/
const REGISTER =
  /sign_?-?up|regist|^join$|^(create|new|add)_?-?(user|account|member)|^(users?|accounts?|members?|customers?)$/i
const SIGN_IN = /log_?-?in|sign_?-?in|^sessions?$|^(access_?-?)?tokens?$|^auth$|authenticate|^authorize$/i

export type Credentials = {
  readonly bodyAt: readonly string[]
  readonly password: string
  readonly others: readonly ShapeProperty[]
}

/** The credentials in a body: the body itself, or the single object in it. */
export function credentialsIn(body: Shape | null): Credentials | null {
  if (body?.kind !== 'object') return null
  const here = credentialsAt(body, [])
  if (here) return here
  const [only] = body.properties
  return body.properties.length === 1 && only?.required && only.shape.kind === 'object'
    ? credentialsAt(only.shape, [only.name])
    : null
}

function credentialsAt(
  shape: Extract<Shape, { kind: 'object' }>,
  bodyAt: readonly string[],
): Credentials | null {
  const passwords = shape.properties.filter(
    ({ name, shape: { kind } }) => PASSWORD.test(simple(name)) && kind === 'string',
  )
  const [password] = passwords
  if (passwords.length !== 1 || !password?.required || password.shape.nullable) return null
  const others = shape.properties.filter((one) => one !== password)
  // A second password is a confirmation or a new one: that is a rule, and rules are written.
  return others.some(({ name }) => /passw|pwd/i.test(name))
    ? null
    : { bodyAt, password: password.name, others }
}

export const isToken = ({ name, shape }: ShapeProperty) => shape.kind === 'string' && TOKEN.test(simple(name))

const givesToken = (shape: Shape, depth = 0): boolean =>
  shape.kind === 'object' &&
  depth < 3 &&
  shape.properties.some((property) => isToken(property) || givesToken(property.shape, depth + 1))

const lastWord = (read: ReadOperation): string => {
  const last = segmentsOf(read).findLast((one) => 'text' in one)
  return last && 'text' in last ? last.text : ''
}

export type Kind = SignInBinding['action']

export function kindOf(read: ReadOperation): Kind | null {
  if (read.method !== 'POST' || segmentsOf(read).some((one) => 'param' in one)) return null
  if (credentialsIn(read.body) === null) return null
  const token = read.success.kind === 'json' && givesToken(read.success.shape)
  for (const word of [lastWord(read), read.id, read.summary.replaceAll(' ', '-')]) {
    if (token && SIGN_IN.test(word)) return 'signIn'
    if (REGISTER.test(word)) return 'register'
  }
  return null
}

/**
 * Whether who has no token yet asks for one: such a request is open, also where `security` covers the whole document. It
 * may have a form that is not built.
 */
export function issuesToken(read: ReadOperation): boolean {
  if (kindOf(read) !== null) return true
  const asks = [...read.query, ...read.params].some(({ name }) => PASSWORD.test(simple(name)))
  return asks && SIGN_IN.test(lastWord(read))
}
