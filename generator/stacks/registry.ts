import { fastify } from './fastify/stack.ts'
import type { Stack } from './stack.ts'

/** The stack of every project. The only module that imports a stack's folder. */
export const defaultStack: Stack = fastify
