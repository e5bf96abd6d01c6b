/** When the cache is full, a client with more than this part of it loses its own variants for each new one. */
const CLIENT_SHARE = 1 / 4
/** Owns the variants that several clients have requested, and those of earlier starts. */
const COMMON = ''
/** Owns the variants that are lost first, whoever requests them, when they take more than SPARE_SHARE. */
export const SPARE = '\0spare'
const SPARE_SHARE = 1 / 8

interface Owner {
  bytes: number
  /** Bytes by path. The first one was not requested for the longest time. */
  variants: Map<string, number>
}

export interface VariantCacheOptions {
  /** Bytes of all variants. */
  maxBytes: number
  /** Called with the path of each variant that is removed. */
  onRemove: (path: string) => void
}

/**
 * Which variants are kept. A variant belongs to the client that requested it first, and to all when another one
 * requests it. A client that is alone may fill the cache; when it is full, no client can replace more than its share.
 */
export function createVariantCache({ maxBytes, onRemove }: VariantCacheOptions) {
  const owners = new Map<string, Owner>()
  const ownerByPath = new Map<string, string>()
  let total = 0

  function add(path: string, bytes: number, name: string): void {
    const owner = owners.get(name) ?? { bytes: 0, variants: new Map<string, number>() }
    owners.set(name, owner)
    owner.variants.set(path, bytes)
    owner.bytes += bytes
    ownerByPath.set(path, name)
    total += bytes
  }

  /** Takes a variant out. Its bytes; undefined when it is not in the cache. */
  function take(path: string): number | undefined {
    const name = ownerByPath.get(path)
    const owner = name === undefined ? undefined : owners.get(name)
    const bytes = owner?.variants.get(path)
    if (name === undefined || owner === undefined || bytes === undefined) return undefined
    ownerByPath.delete(path)
    owner.variants.delete(path)
    owner.bytes -= bytes
    if (owner.variants.size === 0) owners.delete(name)
    total -= bytes
    return bytes
  }

  function remove(path: string): void {
    if (take(path) !== undefined) onRemove(path)
  }

  /** The owner that loses a variant for one of this client. */
  function loser(client: string): Owner | undefined {
    const spare = owners.get(SPARE)
    if (spare !== undefined && spare.bytes > maxBytes * SPARE_SHARE) return spare
    const own = owners.get(client)
    if (own !== undefined && own.bytes > maxBytes * CLIENT_SHARE) return own
    let largest: Owner | undefined
    for (const owner of owners.values()) if (owner.bytes > (largest?.bytes ?? 0)) largest = owner
    return largest
  }

  return {
    /** Bytes of all variants. */
    get bytes(): number {
      return total
    },

    has: (path: string): boolean => ownerByPath.has(path),

    paths: (): Iterable<string> => ownerByPath.keys(),

    /** Marks a variant as requested now. */
    use(path: string, client: string): void {
      const name = ownerByPath.get(path)
      const bytes = take(path)
      if (bytes !== undefined) add(path, bytes, name === client ? client : COMMON)
    },

    /**
     * Removes variants until there is room.
     * @param limit bytes that all variants may have with the new one
     */
    makeRoom(bytes: number, client = COMMON, limit = maxBytes): void {
      for (;;) {
        const owner = loser(client)
        if (owner === undefined || total + bytes <= limit) return
        const [path] = owner.variants.keys()
        remove(path!)
      }
    },

    /** Adds a variant, or replaces it. */
    keep(path: string, bytes: number, client = COMMON): void {
      take(path)
      add(path, Math.max(1, bytes), client)
    },

    remove,

    /** Takes out a variant that is removed already. */
    forget(path: string): void {
      take(path)
    }
  }
}
