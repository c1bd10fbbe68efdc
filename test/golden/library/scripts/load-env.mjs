import { existsSync } from 'node:fs';

// Reads settings from .env, if it exists; existing environment variables win. Node's own
// --env-file-if-exists prints a line at every start without the file, as in production.
if (existsSync('.env')) process.loadEnvFile('.env');
