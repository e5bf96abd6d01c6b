/** Why the database cannot be used. The message is one line, made to be shown. */
export class UnusableDatabase extends Error {
  /** Whether the reason may pass by itself. If not, the settings, the database or the version must change. */
  readonly mayPass: boolean
  /** Whether the URL is wrong: it names no host, database or user of today, or the password is another one. */
  readonly isWrongUrl: boolean

  constructor(message: string, { mayPass = false, isWrongUrl = false } = {}) {
    super(message)
    this.mayPass = mayPass
    this.isWrongUrl = isWrongUrl
  }
}
