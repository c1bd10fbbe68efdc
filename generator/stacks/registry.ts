import { fastify } from './fastify/stack.ts'
import type { Stack } from './stack.ts'

/** The stack of every project. The only module that names the folder of a stack. */
export const defaultStack: Stack = fastify
