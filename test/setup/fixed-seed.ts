import * as fc from 'fast-check'
import { SEED } from '../support/random.ts'

// For every property: a seed of its own each time would let a gate fail at random.
fc.configureGlobal({ seed: SEED })
