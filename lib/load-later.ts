import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * A CommonJS package that is loaded at its first use, because the start does not need it.
 * @param prepare called once with the exports
 * @returns the exports of the package; it throws what the package throws while it is loaded
 */
export function loadLater<Exports>(
  name: string,
  prepare: (exports: Exports) => void = () => {}
): () => Exports {
  let loaded: Exports | undefined
  return () => {
    if (loaded === undefined) {
      loaded = require(name) as Exports
      prepare(loaded)
    }
    return loaded
  }
}
