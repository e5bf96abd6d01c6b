import { LRUCache } from 'lru-cache'

/**
 * A cache that keeps the `max` entries that were used last. It takes memory for the entries that it has; with its
 * option `max`, LRUCache takes the memory of all entries at once.
 */
export function createLastUsed<Key extends string, Value extends object | string | number>(
  max: number
): LRUCache<Key, Value> {
  return new LRUCache<Key, Value>({ maxSize: max, sizeCalculation: () => 1 })
}
