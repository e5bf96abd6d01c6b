import type { Databases } from '../dress/databases.ts'
import { prepareDress } from '../dress/dress.ts'
import type { PreparedDress } from '../dress/dress.ts'
import { prepareSeedDress } from '../dress/seed-dress.ts'
import type { RunRecord, RunView } from '../engine/engine.ts'
import type { ImageOrder } from '../schemas/order.ts'
import { isAddress } from '../storage/layout.ts'

/** What a run without an order makes: the whole picture of an address. */
export function wholePicture(address: string, enhance: boolean): ImageOrder {
  return { input: address, seed: address, recipe: 'default', enhance, image: true, annotate: true }
}

/** The dress of a run, as far as it is known before it begins. */
export function prepareRun(
  databases: Databases,
  { definition, address, order }: Pick<RunRecord, 'definition' | 'address' | 'order'>
): PreparedDress {
  return order === undefined
    ? prepareDress(databases, definition, address)
    : prepareSeedDress(databases, definition, order)
}

/** Whether a run leaves a finished picture. */
export function makesPicture({ order }: Pick<RunView, 'order'>): boolean {
  return order === undefined || (order.image && order.annotate)
}

/**
 * Whether a failure of the language model or the provider fails the run. The run of an address goes on with the plain
 * prompt or a stand-in, as `/dalle` promises; another request of /v1 asks for exactly what it names.
 */
export function isStrict({ order }: Pick<RunRecord, 'order'>): boolean {
  return order !== undefined && !(isAddress(order.seed) && order.image && order.annotate)
}

/** Whether two orders for the files of one name lead to the same run. The input of an address does not count. */
export function isSameOrder(a: ImageOrder, b: ImageOrder): boolean {
  return (
    a.seed === b.seed &&
    (isAddress(a.seed) || a.input === b.input) &&
    a.recipe === b.recipe &&
    a.backstyle === b.backstyle &&
    a.enhance === b.enhance &&
    a.image === b.image &&
    a.annotate === b.annotate
  )
}
