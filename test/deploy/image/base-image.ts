import { chmod, chown, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findProgram } from '../../../generator/sandbox/runtime.ts'
import { copyProgram } from '#lib/testing/write-program'
import { LENT } from './container.ts'

/** User ids of `node` and `redis` in the official images. */
export const USERS: Readonly<Record<string, number>> = { root: 0, node: 1000, redis: 999 }

/** Programs of a slim Debian that RUN lines and services may use. */
const ESSENTIAL =
  'sh bash env cat ls cp mv rm mkdir rmdir install chmod chown touch id uname sleep true grep sed tr'.split(
    ' ',
  )

const FOLDERS =
  'usr/bin usr/sbin usr/local/bin usr/local/lib/node_modules etc proc dev sys tmp var/lib var/tmp run root home/node'.split(
    ' ',
  )

/** Programs by Debian package. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  bubblewrap: ['bwrap'],
  'util-linux': ['prlimit'],
}

/**
 * Creates a minimal Debian in a folder: standard folders, users and hosts, and local copies of the programs in a slim
 * image. `hosts` are names that resolve to this machine.
 */
export async function makeDebian(root: string, hosts: readonly string[]): Promise<void> {
  for (const folder of [...FOLDERS, ...LENT]) await mkdir(join(root, folder), { recursive: true })
  for (const link of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${link}`, join(root, link))
  await chmod(join(root, 'tmp'), 0o1777)
  await chown(join(root, 'home/node'), USERS['node']!, USERS['node']!)
  const users = Object.entries(USERS)
  await writeFile(
    join(root, 'etc/passwd'),
    users.map(([name, id]) => `${name}:x:${id}:${id}::/:/bin/sh\n`).join(''),
  )
  await writeFile(join(root, 'etc/group'), users.map(([name, id]) => `${name}:x:${id}:\n`).join(''))
  await writeFile(join(root, 'etc/hosts'), `127.0.0.1 ${['localhost', ...hosts].join(' ')}\n`)
  await writeFile(join(root, 'etc/resolv.conf'), await readFile('/etc/resolv.conf').catch(() => ''))
  await addPrograms(root, ESSENTIAL)
}

/** The additions of the official Node image: `node` and `npm`. */
export async function addNode(root: string, node: string): Promise<void> {
  const npm = await findProgram('npm', process.env['PATH'] ?? '')
  if (npm === null) throw new Error('npm is not on the PATH')
  copyProgram(node, join(root, 'usr/local/bin/node'))
  await cp(dirname(dirname(npm)), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true })
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
}

/** Installs the programs of these packages. */
export async function addPackages(root: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const programs = PACKAGES[name]
    if (programs === undefined)
      throw new Error(
        `test/deploy/image/base-image.ts does not know what ${name} brings: add it to PACKAGES.`,
      )
    await addPrograms(root, programs)
  }
}

/** Copies local programs, so that the image stays unchanged. */
export async function addPrograms(root: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = await findProgram(name, '/usr/bin:/bin:/usr/sbin')
    if (path === null) throw new Error(`${name} is not installed`)
    copyProgram(path, join(root, 'usr/bin', name))
  }
}
