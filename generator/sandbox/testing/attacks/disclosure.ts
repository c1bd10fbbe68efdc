import { hostname } from 'node:os'
import type { Attack } from './attack.ts'

const gotSecret: NonNullable<Attack['succeeded']> = ({ stdout }, { secret }) => stdout.includes(secret)

/** Looks into every process that there is for the secret, in one file of its folder. */
const inEveryProcess = (file: string) => `
  let found = 'REFUSED nothing in ' + fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length + ' processes'
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && name !== String(process.pid)))
    try { const at = fs.readFileSync('/proc/' + pid + '/${file}', 'latin1').match(/secret-[0-9a-f]{24}/); if (at) found = 'GOT ' + at[0] } catch {}
  console.log(found)`

/** Attacks that try to read secrets. */
export const DISCLOSURE_ATTACKS: readonly Attack[] = [
  {
    name: "reads the worker's environment",
    program: () => inEveryProcess('environ'),
    succeeded: gotSecret,
    stoppedBy: /REFUSED nothing in [1-4] processes/,
  },
  {
    name: 'reads the command lines of other processes',
    program: () => inEveryProcess('cmdline'),
    succeeded: gotSecret,
    stoppedBy: /REFUSED nothing in [1-4] processes/,
  },
  {
    name: 'reads files that the worker has open and deleted',
    program: ({ worker }) => `
      const folder = '/proc/${worker}/fd'
      attempt(() => fs.readdirSync(folder).map((fd) => { try { return fs.readlinkSync(folder + '/' + fd).includes('held-') ? fs.readFileSync(folder + '/' + fd, 'utf8') : '' } catch { return '' } }).join(''))`,
    succeeded: gotSecret,
    stoppedBy: /REFUSED ENOENT|^GOT\s*$/m,
  },
  {
    name: "goes through the worker's root folder",
    program: ({ worker, secretFile }) =>
      `attempt(() => fs.readFileSync('/proc/${worker}/root${secretFile}', 'utf8'))`,
    succeeded: gotSecret,
    stoppedBy: /REFUSED ENOENT/,
  },
  {
    name: 'reads the accounts of the machine',
    program: () => `attempt(() => fs.readFileSync('/etc/passwd', 'utf8').split('\\n').length)`,
    stoppedBy: /REFUSED ENOENT/,
  },
  {
    name: 'reads a file of the machine',
    program: ({ secretFile }) => `attempt(() => fs.readFileSync('${secretFile}', 'utf8'))`,
    succeeded: gotSecret,
    stoppedBy: /REFUSED ENOENT/,
  },
  {
    name: "reads another job's project",
    program: ({ jobs }) => `
      attempt(() => fs.readdirSync('${jobs}').map((name) => { try { return fs.readFileSync('${jobs}/' + name + '/project/index.ts', 'utf8') } catch { return '' } }).join(''))`,
    succeeded: gotSecret,
    stoppedBy: /REFUSED ENOENT|^GOT\s*$/m,
  },
  {
    name: 'looks into what others have in /tmp',
    program: ({ otherTempFolder }) =>
      `attempt(() => fs.readFileSync('${otherTempFolder}/secret.txt', 'utf8'))`,
    succeeded: gotSecret,
    stoppedBy: /REFUSED ENOENT/,
  },
  {
    name: 'learns about the hardware from /sys',
    program: () => `attempt(() => fs.readdirSync('/sys/class').length)`,
    stoppedBy: /REFUSED ENOENT/,
  },
  {
    name: "learns the machine's name",
    program: () =>
      `attempt(() => { const name = require('node:os').hostname(); if (name === 'sandbox') throw new Error('only sandbox'); return name })`,
    succeeded: ({ stdout }) => stdout.includes(`GOT ${hostname()}`),
    stoppedBy: /REFUSED only sandbox/,
  },
]
