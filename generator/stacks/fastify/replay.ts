import { readFileSync } from 'node:fs'
import type { ReplaySupport } from '../stack.ts'

export const replay: ReplaySupport = {
  tests: /^tests\/.*\.test\.ts$/,
  imports:
    /^(node:(test|assert|assert\/strict|crypto)|(\.\.\/)+((tests\/)?support\/(server|sent-as|fixtures|rows|parts)|src\/http\/page-policy)\.ts)$/,
  server: 'tests/support/server.ts',
  inProcess: { names: ['startOwnServer'], properties: ['app', 'errorOf'] },
  remoteServer: () => readFileSync(new URL('./remote-server.mts', import.meta.url), 'utf8'),
}
