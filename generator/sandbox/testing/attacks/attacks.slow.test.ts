import { arch, platform } from 'node:process'
import { afterAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../ports.ts'
import { makeUnsandboxed } from '../../unsandboxed.ts'
import { describeResult, runAttack, type Attack } from './attack.ts'
import { ESCAPE_ATTACKS } from './escape.ts'
import { EXHAUSTION_ATTACKS } from './exhaustion.ts'
import { nativeAttack, worksOutside, type SystemCall } from './native.ts'
import { NETWORK_ATTACKS } from './network.ts'
import { DISCLOSURE_ATTACKS } from './disclosure.ts'
import { bubblewrapHere } from './sandboxes.ts'
import { TAMPERING_ATTACKS } from './tampering.ts'
import { makeWorld } from './world.ts'

const world = await makeWorld()
afterAll(() => world[Symbol.asyncDispose]())

const { bubblewrap, why } = await bubblewrapHere(world)

const NATIVE: readonly {
  name: string
  calls: (place: { worker: number; scratch: string }) => SystemCall[]
}[] = [
  // keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0)
  { name: 'opens the key ring of the worker', calls: () => [{ number: 250, args: [0, -3, 0] }] },
  { name: 'takes memory that belongs to no process', calls: () => [{ number: 319, args: ['x', 0] }] },
  {
    name: 'becomes root in a user namespace of its own and mounts',
    calls: () => [
      { number: 272, args: [0x10020000] },
      { number: 165, args: ['none', '/tmp', 'tmpfs', 0, 0] },
    ],
  },
  { name: 'traces the worker', calls: ({ worker }) => [{ number: 101, args: [0x4206, worker, 0, 0] }] },
  {
    name: 'makes a device node',
    calls: ({ scratch }) => [{ number: 133, args: [`${scratch}/device`, 0o20666, 0x103] }],
  },
  { name: 'speaks to the host of a virtual machine', calls: () => [{ number: 41, args: [40, 1, 0] }] },
  { name: 'listens to the wire', calls: () => [{ number: 41, args: [17, 3, 0] }] },
  { name: 'reads the log of the kernel', calls: () => [{ number: 103, args: [10, 0, 0] }] },
]

const groups: readonly { readonly title: string; readonly attacks: readonly Attack[] }[] = [
  { title: 'secrets', attacks: DISCLOSURE_ATTACKS },
  { title: 'a network', attacks: NETWORK_ATTACKS },
  { title: 'resources', attacks: EXHAUSTION_ATTACKS },
  { title: 'a life outside', attacks: ESCAPE_ATTACKS },
  { title: 'what others will use', attacks: TAMPERING_ATTACKS },
]

const stopped = (attack: Attack) => ({ won: false, went: expect.stringMatching(attack.stoppedBy) })
const succeeded = { won: true, went: expect.anything() }

async function attempt(sandbox: Sandbox, attack: Attack): Promise<{ won: boolean; went: string }> {
  const { result, succeeded: won } = await runAttack(sandbox, attack, world)
  return { won, went: describeResult(result) }
}

for (const { title, attacks } of groups)
  describe(`the sandbox stops a program that is after ${title}${why}`, () => {
    for (const attack of attacks)
      test.skipIf(!bubblewrap)(`it ${attack.name}; without a sandbox it succeeds`, async () => {
        expect(await attempt(bubblewrap!, attack)).toEqual(stopped(attack))
        expect(await attempt(makeUnsandboxed(), attack)).toEqual(succeeded)
      })
  })

// Machine code for one processor. What the machine itself refuses to everybody cannot be shown to succeed.
if (arch === 'x64' && platform === 'linux')
  describe(`the sandbox stops machine code that a project carries along${why}`, () => {
    for (const { name, calls } of NATIVE) {
      const attack = nativeAttack(name, calls)
      const possible = worksOutside(calls({ worker: world.worker, scratch: world.jobs }))
      const title = possible ? 'without a sandbox it succeeds' : 'this machine refuses it to everybody'
      test.skipIf(!bubblewrap)(`it ${name}; ${title}`, async () => {
        expect(await attempt(bubblewrap!, attack)).toEqual(stopped(attack))
        const outside = possible ? await attempt(makeUnsandboxed(), attack) : succeeded
        expect(outside).toEqual(succeeded)
      })
    }
  })
