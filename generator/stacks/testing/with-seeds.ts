// What tests take from a stack; the registry for them.
export { withSeeds } from '../fastify/testing/arbitrary-seeds.ts'
