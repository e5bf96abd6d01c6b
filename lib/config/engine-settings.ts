import { Type } from '@sinclair/typebox'
import { decoded, words } from './decoders.ts'
import { NONE, setting } from './setting.ts'

/** What a process does, where several share a database. */
export const ROLES = ['all', 'http', 'worker'] as const

export type Role = (typeof ROLES)[number]

/** The settings of a service that is more than one process. */
export const ENGINE_SETTINGS = {
  TB_DALLE_DATABASE_URL: setting(Type.Optional(decoded(Type.String(), readDatabaseUrl)), {
    secret: true,
    defaultText: `${NONE}: one process keeps everything in its data folder`,
    description: 'URL of a PostgreSQL database (13 or newer) that several processes share',
    expected: 'a URL such as postgres://user:password@host:5432/database'
  }),
  TB_DALLE_ROLE: setting(words(...ROLES), {
    default: 'all',
    description:
      'What this process does beside others with the same database: http serves, worker draws, all does both',
    expected: 'one of all, http and worker'
  })
}

function readDatabaseUrl(text: string): string | undefined {
  if (/\s/.test(text) || !URL.canParse(text)) return undefined
  const { protocol, hostname, pathname } = new URL(text)
  return /^postgres(?:ql)?:$/.test(protocol) && hostname !== '' && pathname.length > 1 ? text : undefined
}
