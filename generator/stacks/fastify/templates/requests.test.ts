import { describe, expect, it } from 'vitest'
import { policyOf, type Blueprint, type Operation } from '#contract'
import { magazine, shop } from '../../../codegen/testing/blueprints.ts'
import { renderProject } from '../../../stages/render-project.ts'

async function requestsOf(blueprint: Blueprint): Promise<string[]> {
  const files = await renderProject(blueprint)
  const text = files.find(({ path }) => path === 'requests.http')?.content ?? ''
  return text.split(/^### /m).slice(1)
}

const TITLES: Record<Operation, RegExp> = {
  list: /^List /,
  create: /^Create /,
  read: /^Read /,
  update: /^(Replace|Change) /,
  delete: /^Delete /,
}

describe('requests.http', () => {
  it('sends each request as an account with a role that may', async () => {
    const requests = await requestsOf(magazine)
    const roleOf = (request: string): string | undefined => {
      const name = /Bearer \{\{(\w+)\.response/.exec(request)?.[1]
      const signIn = requests.find((one) => one.includes(`# @name ${name}\n`)) ?? ''
      return name === 'login' ? 'reader' : /"(\w+)@example\.com"/.exec(signIn)?.[1]
    }
    const section = magazine.entities.find(({ name }) => name === 'Section')!
    for (const [operation, title] of Object.entries(TITLES) as [Operation, RegExp][]) {
      const policy = policyOf(section, operation)
      const sent = requests.filter(
        (one) => title.test(one) && / \{\{host\}\}\/sections(\/\S*)?(\?|\n)/.test(one),
      )
      expect(sent.length).toBeGreaterThan(0)
      const roles = policy.who === 'roles' ? policy.roles : ['reader']
      for (const one of sent) expect(roles).toContain(roleOf(one))
    }
  })

  it('says how an account gets the role, before it signs in', async () => {
    const requests = await requestsOf(magazine)
    const at = requests.findIndex((one) => one.includes('npm run grant -- admin@example.com admin'))
    expect(requests[at]).toContain('POST {{host}}/auth/register')
    expect(requests[at + 1]).toContain('# @name loginAsAdmin')
  })

  it('signs in once where there are no roles', async () => {
    const requests = await requestsOf(shop)
    expect(requests.filter((one) => one.includes('/auth/login'))).toHaveLength(1)
  })
})
