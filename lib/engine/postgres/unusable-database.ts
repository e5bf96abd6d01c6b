/** Why the database cannot be used. The message is one line, made to be shown. */
export class UnusableDatabase extends Error {}
