export * from './blueprint.ts'
