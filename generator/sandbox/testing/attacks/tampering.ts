import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Attack } from './attack.ts'

const READ_ONLY = /REFUSED (EROFS|ENOENT)/

/** Attacks that change what others will use. */
export const TAMPERING_ATTACKS: readonly Attack[] = [
  {
    name: 'rewrites its own project',
    program: () => `attempt(() => fs.writeFileSync('package.json', '{"name":"evil"}'))`,
    succeeded: ({ place }) => readFileSync(join(place.project, 'package.json'), 'utf8').includes('evil'),
    stoppedBy: READ_ONLY,
  },
  {
    name: 'plants a symbolic link for the packer',
    program: ({ secretFile }) => `attempt(() => fs.symlinkSync('${secretFile}', 'README.md'))`,
    succeeded: ({ place }) =>
      lstatSync(join(place.project, 'README.md'), { throwIfNoEntry: false }) !== undefined,
    stoppedBy: READ_ONLY,
  },
  {
    name: 'plants a hard link for the packer',
    program: ({ secretFile }) => `attempt(() => fs.linkSync('${secretFile}', 'LICENSE'))`,
    succeeded: ({ place }) => existsSync(join(place.project, 'LICENSE')),
    stoppedBy: READ_ONLY,
  },
  {
    name: 'poisons the kit that all projects share',
    program: ({ kit }) => `attempt(() => fs.writeFileSync('${kit}/fastify/index.js', 'poison'))`,
    succeeded: (_seen, { kit }) => readFileSync(join(kit, 'fastify/index.js'), 'utf8') === 'poison',
    stoppedBy: READ_ONLY,
  },
  {
    name: 'puts a module of its own beside those of the kit',
    program: ({ kit }) =>
      `attempt(() => { fs.mkdirSync('${kit}/zod'); fs.writeFileSync('${kit}/zod/index.js', 'poison') })`,
    succeeded: (_seen, { kit }) => existsSync(join(kit, 'zod/index.js')),
    stoppedBy: READ_ONLY,
  },
  {
    name: 'swaps a folder of the kit for a link',
    program: ({ kit }) =>
      `attempt(() => { fs.renameSync('${kit}/fastify', '${kit}/moved'); fs.symlinkSync('/tmp', '${kit}/fastify') })`,
    succeeded: (_seen, { kit }) => existsSync(join(kit, 'moved')),
    stoppedBy: /REFUSED (EROFS|ENOENT|EBUSY)/,
  },
  {
    name: 'poisons the compile cache',
    program: ({ kit }) => `
      require('node:module').enableCompileCache('${kit}/.compile-cache')
      attempt(() => { fs.writeFileSync('${kit}/.compile-cache/0123abcd', 'poison') })`,
    succeeded: (_seen, { kit }) => readdirSync(join(kit, '.compile-cache')).includes('0123abcd'),
    stoppedBy: READ_ONLY,
  },
  {
    name: "changes another job's project",
    program: ({ jobs }) =>
      `attempt(() => fs.writeFileSync('${jobs}/backend-verify-other/project/evil.ts', 'evil'))`,
    succeeded: (_seen, { jobs }) => existsSync(join(jobs, 'backend-verify-other/project/evil.ts')),
    stoppedBy: READ_ONLY,
  },
  {
    name: 'leaves a program that runs as its owner (setuid)',
    // In the folder that is on the disk of the machine, where there is no other.
    program: () => `
      attempt(() => { fs.copyFileSync('/proc/self/exe', process.env.TMPDIR + '/setuid'); fs.chmodSync(process.env.TMPDIR + '/setuid', 0o4755) })
      attempt(() => { fs.writeFileSync(process.env.TMPDIR + '/setuid', ''); fs.chmodSync(process.env.TMPDIR + '/setuid', 0o4755) })`,
    limits: { fileBytes: 300_000_000 },
    succeeded: ({ place }) =>
      ((statSync(join(place.scratch, 'setuid'), { throwIfNoEntry: false })?.mode ?? 0) & 0o4000) !== 0,
    // It may on its own memory disk, which is `nosuid` and gone with the run.
    stoppedBy: /REFUSED ENOSPC[^]*GOT/,
  },
  {
    name: 'changes a file of the machine that anybody may write',
    program: ({ openFile }) => `attempt(() => fs.appendFileSync('${openFile}', 'evil'))`,
    succeeded: (_seen, { openFile }) => readFileSync(openFile, 'utf8').includes('evil'),
    // On its own /tmp it may well make one of that name: what counts is the file of the machine.
    stoppedBy: /GOT|REFUSED (EROFS|ENOENT)/,
  },
]
