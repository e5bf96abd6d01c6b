import type { TSchema } from '@sinclair/typebox'

export interface SettingOptions {
  /** The command line flag, where there is one. */
  flag?: string
  /** One line of help. */
  description: string
  /** Completes the sentence "it must be …" of an error. */
  expected: string
  /** Describes the default in help and .env.example, where no fixed value is the default. */
  defaultText?: string
  /** The value is never shown, not even in an error. */
  secret?: boolean
}

export const NONE = 'none'
export const DURATION = 'a positive duration of at most 24 days, such as 250ms, 60s, 5m or 1h30m'
export const HTTP_URL =
  'a URL that begins with http:// or https:// and holds no user name, no fragment (#) and no blank'

/** The schema of a setting, with what help and errors say of it. */
export function setting<T extends TSchema>(schema: T, options: SettingOptions & { default?: unknown }): T {
  return { ...schema, ...options }
}
