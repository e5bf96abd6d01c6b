import { Type } from '@sinclair/typebox'
import { decoded, words } from './decoders.ts'
import { NONE, setting } from './setting.ts'

/** What a process does, where several share a database. */
const ROLES = ['all', 'http', 'worker'] as const

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
  }),
  TB_DALLE_S3_URL: setting(Type.Optional(decoded(Type.String(), readS3Url)), {
    defaultText: `${NONE}: pictures are in the data folder`,
    description: 'URL of a bucket, with or without a prefix, that keeps the pictures of several processes',
    expected: 'a URL such as https://host/bucket or https://host/bucket/prefix'
  }),
  TB_DALLE_S3_REGION: setting(Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }), {
    default: 'us-east-1',
    description: 'Region of the bucket',
    expected: 'letters, digits and dashes, such as eu-central-1'
  }),
  TB_DALLE_S3_ACCESS_KEY_ID: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
    secret: true,
    defaultText: NONE,
    description: 'Access key of the bucket',
    expected: 'printable ASCII characters without blanks'
  }),
  TB_DALLE_S3_SECRET_ACCESS_KEY: setting(Type.Optional(Type.String({ pattern: '^[!-~]+$' })), {
    secret: true,
    defaultText: NONE,
    description: 'Secret key of the bucket',
    expected: 'printable ASCII characters without blanks'
  })
}

function readDatabaseUrl(text: string): string | undefined {
  if (/\s/.test(text) || !URL.canParse(text)) return undefined
  const { protocol, hostname, pathname } = new URL(text)
  return /^postgres(?:ql)?:$/.test(protocol) && hostname !== '' && pathname.length > 1 ? text : undefined
}

const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/

function readS3Url(text: string): string | undefined {
  if (/[\s?#]/.test(text) || !URL.canParse(text)) return undefined
  const { protocol, hostname, pathname, username, password } = new URL(text)
  const [bucket = '', ...prefix] = pathname.replace(/\/$/, '').slice(1).split('/')
  const isPath = BUCKET.test(bucket) && !prefix.includes('') && isDecodable(pathname)
  return /^https?:$/.test(protocol) && hostname !== '' && username + password === '' && isPath
    ? text
    : undefined
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
