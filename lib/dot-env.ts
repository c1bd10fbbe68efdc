import { existsSync } from 'node:fs'

/** Settings in a file `.env` in the folder the program was started in; what the environment says already, stays. */
export function loadDotEnv(process: Pick<NodeJS.Process, 'loadEnvFile'>): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}
