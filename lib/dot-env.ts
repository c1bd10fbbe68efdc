import { existsSync } from 'node:fs'

/** Loads `.env` from the working directory; existing variables take precedence. */
export function loadDotEnv(process: Pick<NodeJS.Process, 'loadEnvFile'>): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}
