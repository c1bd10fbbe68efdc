import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Run after `npm install` has changed package-lock.json. A registry mirror that lacks the native packages of
 * other platforms makes npm omit them from the lockfile, and `npm ci` then fails everywhere. This adds
 * them back: their names and versions are in their parents' `optionalDependencies`.
 */

type Package = {
  version?: string
  optionalDependencies?: Record<string, string>
  dev?: boolean
  license?: string
  engines?: Record<string, string>
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optional?: boolean
}

/** `@scope/binding-linux-arm64-musl`: system, processor, C library. */
const PLATFORM = /binding-(\w+?)-(arm-eabi|arm64|x64|ia32|arm|ppc64|riscv64|s390x)(?:-(\w+))?$/

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Package> }
const { packages } = lock
const added: string[] = []

for (const [parent, { optionalDependencies = {}, dev, license, engines }] of Object.entries(packages)) {
  if (parent === '') continue
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (packages[`node_modules/${name}`] || packages[`${parent}/node_modules/${name}`]) continue
    const platform = PLATFORM.exec(name)
    if (!platform) throw new Error(`${parent} wants ${name}, whose platform cannot be read from its name.`)
    const [, os = '', cpu = '', abi = ''] = platform
    const libc = /^(gnu|musl)/.test(abi) ? [abi.startsWith('musl') ? 'musl' : 'glibc'] : undefined
    packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu === 'arm-eabi' ? 'arm' : cpu],
      ...(dev && { dev }),
      ...(license && { license }),
      ...(libc && { libc }),
      optional: true,
      os: [os],
      ...(engines && { engines }),
    }
    added.push(name)
  }
}

lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.length} platform packages added to package-lock.json`)
