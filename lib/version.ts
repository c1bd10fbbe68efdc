import manifest from '../package.json' with { type: 'json' }

/** This project's version, from its package.json. */
export const VERSION: string = manifest.version
