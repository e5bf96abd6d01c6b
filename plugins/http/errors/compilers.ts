import type { FastifyServerOptions } from 'fastify'
import { loadLater } from '../../../lib/load-later.ts'

type Factories = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>
/** A validator or a serializer. */
type Compiled = ((data: unknown) => unknown) & { errors?: unknown }
/** Makes a compiler for the shared schemas. */
type Factory = (...options: unknown[]) => (route: unknown) => Compiled

/**
 * The `schemaController` of Fastify's options: each schema is compiled at its first use. Loading the compilers and
 * compiling all schemas takes a third of the time to start.
 */
export const schemaController: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: {
    buildValidator: lazily('@fastify/ajv-compiler') as Factories['buildValidator'],
    buildSerializer: lazily('@fastify/fast-json-stringify-compiler') as Factories['buildSerializer']
  }
}

/** @param module whose default export returns the factory */
function lazily(module: string): Factory {
  const load = loadLater<() => Factory>(module)
  const factory = once(() => load()())
  return (...options) => {
    const compile = once(() => factory()(...options))
    return (route) => {
      const compiled = once(() => compile()(route))
      const call: Compiled = (data) => {
        const result = compiled()(data)
        // Fastify reads the errors of a validator from the function that it has called.
        call.errors = compiled().errors
        return result
      }
      return call
    }
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
