import type { Finding } from './findings.ts'

type Env = Readonly<Record<string, string | undefined>>

/** `v24.21.0` against `>=24.12`. */
export function checkNode(version: string, wanted: string): Finding {
  const parts = (text: string) => text.replace(/^\D+/, '').split('.').map(Number)
  const [major = 0, minor = 0] = parts(version)
  const [neededMajor = 0, neededMinor = 0] = parts(wanted)
  const isNew = major > neededMajor || (major === neededMajor && minor >= neededMinor)
  const detail = `${version}; requires ${wanted}`
  return isNew
    ? { name: 'Node', state: 'ok', detail }
    : {
        name: 'Node',
        state: 'broken',
        detail,
        advice: `Start it through npm (npm run doctor), which brings its own Node on Linux and Windows; on macOS install Node ${neededMajor}: https://nodejs.org`,
      }
}

export type SandboxProbe = {
  readonly tier: 'bubblewrap' | 'none' | 'static'
  readonly description: string
  readonly memoryBound: string | null
}

export function sandboxFinding(seen: SandboxProbe, platform: NodeJS.Platform): Finding {
  const name = 'Sandbox'
  switch (seen.tier) {
    case 'bubblewrap':
      return {
        name,
        state: 'ok',
        detail: `${seen.description}; memory of a run ${seen.memoryBound === 'watched' ? 'is monitored' : `is limited by ${seen.memoryBound}`}`,
      }
    case 'none':
      return {
        name,
        state: 'weak',
        detail: seen.description,
        advice: 'Remove SANDBOX=none, unless every prompt on this machine is trusted.',
      }
    case 'static':
      return {
        name,
        state: 'weak',
        detail: seen.description,
        advice: sandboxAdvice(seen.description, platform),
      }
  }
}

/** Advice for enabling the sandbox, by operating system and bubblewrap's error. */
function sandboxAdvice(description: string, platform: NodeJS.Platform): string {
  if (platform === 'darwin')
    return 'macOS has no bubblewrap. For a sandbox run it in Docker (docker compose up -d --build) or in a Linux VM.'
  if (platform === 'win32')
    return 'Windows has no bubblewrap. For a sandbox run it in WSL 2 with bubblewrap installed, or in Docker (docker compose up -d --build).'
  if (platform !== 'linux') return 'Run it on Linux, or in Docker (docker compose up -d --build).'
  if (description.includes('is not installed'))
    return 'Install bubblewrap: apt install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora), pacman -S bubblewrap (Arch), apk add bubblewrap util-linux (Alpine).'
  if (/uid map|namespace|clone/i.test(description))
    return 'Allow user namespaces: on Ubuntu sysctl kernel.apparmor_restrict_unprivileged_userns=0, on older Debian sysctl kernel.unprivileged_userns_clone=1; in Docker use the security_opt lines of docker-compose.yml. See docs/operate/sandbox.md.'
  if (/mount proc|make \/ slave|pivot/i.test(description))
    return 'In Docker bubblewrap needs the three security_opt lines of docker-compose.yml. See docs/operate/sandbox.md.'
  if (/Unknown option/i.test(description)) return 'bubblewrap is too old: 0.8 or newer is needed.'
  if (description.includes('too busy'))
    return 'Run it again when the machine is less busy. Workers retry every minute on their own.'
  return 'See docs/operate/sandbox.md for an explanation of each check.'
}

/** Required variables of each chat. Setting only some of them is a mistake. */
export const CHATS = [
  { name: 'Slack', all: ['SLACK_BOT_TOKEN'], oneOf: ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] },
  { name: 'Discord', all: ['DISCORD_BOT_TOKEN'], oneOf: [] },
] as const

export function checkChat(env: Env, chat: (typeof CHATS)[number]): Finding {
  const { name } = chat
  const needed: readonly string[] = chat.all
  const either: readonly string[] = chat.oneOf
  const set = [...needed, ...either].filter((variable) => isSet(env, variable))
  if (set.length === 0) return { name, state: 'off', detail: `${needed.join(', ')} is not set` }
  const missing = needed.filter((variable) => !set.includes(variable))
  if (either.length > 0 && !either.some((variable) => set.includes(variable)))
    missing.push(either.join(' or '))
  return missing.length === 0
    ? { name, state: 'ok', detail: `${set.join(', ')} set` }
    : {
        name,
        state: 'weak',
        detail: `${set.join(', ')} set, but not ${missing.join(', ')}`,
        advice: `Set ${missing.join(', ')}.`,
      }
}

export type DiskProbe = { readonly path: string; readonly freeBytes: number; readonly isWritable: boolean }

const ENOUGH_BYTES = 1e9
const LEAST_BYTES = 1e8

export function checkDisk(name: string, { path, freeBytes, isWritable }: DiskProbe): Finding {
  const free = freeBytes >= 1e9 ? `${(freeBytes / 1e9).toFixed(1)} GB` : `${Math.floor(freeBytes / 1e6)} MB`
  if (!isWritable)
    return {
      name,
      state: 'broken',
      detail: `${path} is not writable`,
      advice: 'Grant this user write permission, or set another folder.',
    }
  if (freeBytes < LEAST_BYTES)
    return {
      name,
      state: 'broken',
      detail: `${free} free at ${path}`,
      advice: 'Free some space: jobs fail when the disk is full.',
    }
  return freeBytes < ENOUGH_BYTES
    ? { name, state: 'weak', detail: `only ${free} free at ${path}`, advice: 'Free some space soon.' }
    : { name, state: 'ok', detail: `${free} free at ${path}` }
}

const isSet = (env: Env, name: string): boolean => (env[name] ?? '').trim() !== ''
