import type { Circuits } from '../engine/engine.ts'

const SEPARATOR = ':'

/** The circuits of one provider, by operation. */
export function circuitsOf(circuits: Pick<Circuits, 'of'>, provider: string): Pick<Circuits, 'of'> {
  return { of: (operation) => circuits.of(`${provider}${SEPARATOR}${operation}`) }
}

/** The provider and the operation of a circuit. */
export function readCircuitName(name: string): { provider: string; operation: string } {
  const at = name.indexOf(SEPARATOR)
  return { provider: name.slice(0, at), operation: name.slice(at + 1) }
}
