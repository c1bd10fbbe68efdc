import { existsSync } from 'node:fs';

// Settings from .env, where there is one; what the environment says already, stays. Node's own
// --env-file-if-exists prints a line at every start without the file, which is how production starts.
if (existsSync('.env')) process.loadEnvFile('.env');
