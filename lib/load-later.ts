import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * A CommonJS package that is loaded at its first use, because the start does not need it.
 * @returns the exports of the package; it throws what the package throws while it is loaded
 */
export function loadLater<Exports>(name: string): () => Exports {
  let loaded: Exports | undefined
  return () => (loaded ??= require(name) as Exports)
}
