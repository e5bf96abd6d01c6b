import { errors } from '../../../lib/errors.ts'

/** What can be done with an image besides reading and removing it. */
export const ACTIONS = ['regenerate', 'export', 'restore'] as const

export type Action = (typeof ACTIONS)[number]

/** Paths below /v1/images that are no images. */
const MAKERS = ['preview', 'generate']

const ITEM = '/v1/images/'

/** What a path below /v1/images names. */
export interface ImagePath {
  /** Decoded; it may contain any character. */
  id: string
  /** Undefined for the image itself. */
  action: Action | undefined
  /** The methods that the path takes. */
  methods: string[]
}

/**
 * Reads the path of an image. It is not split by the router, because an id may contain a slash, encoded or not.
 * @param url as the client sent it
 */
export function readImagePath(url: string): ImagePath {
  const path = url.split('?', 1)[0]!
  if (path.endsWith(ITEM.slice(0, -1))) return { id: '', action: undefined, methods: ['GET'] }
  const rest = path.slice(path.indexOf(ITEM) + ITEM.length).replace(/(?<=.)\/$/, '')
  if (MAKERS.includes(rest)) return { id: '', action: undefined, methods: ['POST'] }
  const end = rest.lastIndexOf('/')
  const action = ACTIONS.find((name) => end >= 0 && rest.slice(end + 1) === name)
  const id = decode(action === undefined ? rest : rest.slice(0, end))
  return { id, action, methods: action === undefined ? ['GET', 'DELETE'] : ['POST'] }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw errors.invalidInput('invalid image ID', { details: 'It is not valid percent-encoding' })
  }
}
