import { createRequire } from 'node:module'
import { dirname } from 'node:path'

const require = createRequire(import.meta.url)

/** The folder of this package. Data files have the same paths below it for compiled code and for sources. */
export const PACKAGE_ROOT = dirname(require.resolve('#package.json'))

/** The version in package.json, e.g. `1.0.0`. */
export const { version: VERSION } = require('#package.json') as { version: string }
