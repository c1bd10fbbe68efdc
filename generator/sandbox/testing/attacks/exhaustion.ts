import type { Attack } from './attack.ts'

/** Attacks on resources. Each stops by itself soon after it has succeeded. */
export const EXHAUSTION_ATTACKS: readonly Attack[] = [
  {
    name: 'takes all memory in buffers',
    program: () => `
      const kept = []
      for (let i = 0; i < 14; i++) kept.push(Buffer.alloc(50e6, 1))
      console.log('GOT 700 MB'); setTimeout(() => {}, 300)`,
    succeeded: ({ stdout, ending }) => stdout.includes('GOT') && ending.kind === 'exited',
    stoppedBy: /^memory|ERR_MEMORY_ALLOCATION_FAILED/,
  },
  {
    name: 'takes all memory in processes that each take little',
    program: () => `
      const take = 'const kept = Buffer.alloc(180e6, 1); process.on("disconnect", process.exit); process.send("has it")'
      let have = 0
      const children = [1, 2, 3, 4].map(() => node(take, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }))
      for (const child of children) child.on('message', () => {
        if (++have < 4) return
        setTimeout(() => { console.log('GOT 720 MB'); for (const one of children) one.kill('SIGKILL'); process.exit() }, 300)
      })`,
    succeeded: ({ stdout, ending }) => stdout.includes('GOT') && ending.kind === 'exited',
    stoppedBy: /^memory/,
  },
  {
    name: 'starts processes without end',
    // Each is stopped at once, so that the number alone is the load.
    program: () => `
      const children = []
      while (children.length < 45) {
        let child
        try { child = node('setTimeout(() => {}, 5000)') } catch (error) { refused(error); break }
        child.on('error', refused)
        if (child.pid === undefined) break
        child.kill('SIGSTOP')
        children.push(child)
      }
      if (children.length === 45) console.log('GOT 45 processes')
      for (const child of children) child.kill('SIGKILL')
      setTimeout(() => process.exit(), 50)`,
    limits: { processes: 40 },
    stoppedBy: /REFUSED EAGAIN/,
  },
  {
    name: 'fills the disk with one large file',
    program: () => `
      process.on('SIGXFSZ', () => {})
      attempt(() => { const fd = fs.openSync(process.env.TMPDIR + '/large', 'w'); for (let i = 0; i < 20; i++) fs.writeSync(fd, Buffer.alloc(1e6)); return '20 MB' })`,
    stoppedBy: /REFUSED EFBIG/,
  },
  {
    name: 'fills the disk with many files',
    program: () => `
      attempt(() => { for (let i = 0; i < 20; i++) fs.writeFileSync(process.env.TMPDIR + '/' + i, Buffer.alloc(1e6)); return '20 MB' })`,
    stoppedBy: /REFUSED ENOSPC/,
  },
  {
    name: 'fills the shared /tmp instead',
    program: ({ folder }, { tier }) => `
      const where = ${tier === 'none' ? `'${folder}'` : "'/tmp'"}
      attempt(() => { for (let i = 0; i < 20; i++) fs.writeFileSync(where + '/filler-' + i, Buffer.alloc(1e6)); return '20 MB' })`,
    stoppedBy: /REFUSED ENOSPC/,
  },
  {
    name: 'opens files without end',
    program: () =>
      `attempt(() => { for (let i = 0; i < 400; i++) fs.openSync('/proc/self/status'); return '400 open files' })`,
    stoppedBy: /REFUSED EMFILE/,
  },
]
