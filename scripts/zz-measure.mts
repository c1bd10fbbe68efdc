import { showMutants } from '../test/plausible/measure.ts'
await showMutants('')
process.exit()
